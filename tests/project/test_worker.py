"""A worker takes its steps in turn; one that fails waits, and the others go on."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from passerelle.apps.running.actions import FORGOTTEN_AFTER, Identity, beat, leave
from passerelle.apps.running.models import Process
from passerelle.apps.running.queries import living
from passerelle.project.service.lanes import LANES
from passerelle.project.service.steps import STEPS, Step, steps
from passerelle.project.service.working import Worker

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WHO = Identity("host", 7, "live", "0.1")

pytestmark = pytest.mark.django_db


def a_worker(*works: Callable[[datetime], int]) -> Worker:
    found = [Step(f"step.{n}", "live", work) for n, work in enumerate(works)]
    return Worker("live", found, lambda: NOW)


def _breaks(_now: datetime) -> int:
    raise RuntimeError("a bug")


def test_each_step_is_taken_once_a_round_with_the_time_it_is() -> None:
    taken: list[tuple[str, datetime]] = []

    def first(now: datetime) -> int:
        taken.append(("first", now))
        return 2

    def second(now: datetime) -> int:
        taken.append(("second", now))
        return 0

    done = a_worker(first, second).round()

    assert done == 2
    assert taken == [("first", NOW), ("second", NOW)]


def test_a_step_that_fails_waits_and_keeps_nobody_from_working() -> None:
    tried: list[datetime] = []

    def fails(now: datetime) -> int:
        tried.append(now)
        return _breaks(now)

    worker = a_worker(fails, lambda _now: 3)
    worker.first_wait = 60

    rounds = [worker.round() for _ in range(3)]

    assert rounds == [3, 3, 3]
    assert len(tried) == 1


def test_what_was_done_and_what_failed_can_be_read_by_others() -> None:
    worker = a_worker(_breaks, lambda _now: 3)
    worker.round()

    worker._beat()

    (process,) = living("live", now=NOW)
    assert process.steps["step.0"]["failing"] is True
    assert process.steps["step.0"]["last_failure"] == "RuntimeError"
    assert process.steps["step.1"]["items"] == 3


def test_a_worker_ends_after_the_step_it_is_in() -> None:
    ending = threading.Event()

    def ends(_now: datetime) -> int:
        ending.set()
        return 1

    worker = a_worker(ends, lambda _now: pytest.fail("taken too late"))
    worker.ending = ending

    worker.run()

    assert living("live", now=NOW) == []


def test_the_dead_are_silent_and_then_forgotten() -> None:
    beat(WHO, {}, now=NOW)

    assert living(now=NOW + timedelta(seconds=30)) != []
    assert living(now=NOW + timedelta(minutes=2)) == []

    beat(Identity("host", 8, "bulk", "0.1"), {}, now=NOW + FORGOTTEN_AFTER * 2)
    assert Process.objects.count() == 1


def test_a_process_that_leaves_is_gone_at_once() -> None:
    beat(WHO, {}, now=NOW)

    leave(WHO)

    assert living(now=NOW) == []


def test_every_lane_has_steps_and_every_step_a_lane() -> None:
    assert all(steps(lane) for lane in LANES)
    assert {step.lane for step in STEPS} == set(LANES)
    assert len({step.name for step in STEPS}) == len(STEPS)
