"""Collector, worker and database are killed at random under load; nothing is lost or doubled.

`PASSERELLE_KILLS` says how often: a few by default, a hundred in `make faults`.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.faults.postgres import OwnPostgres, an_own_postgres
from tests.faults.truth import AGREEMENT, FACTS, PUBLISH, SETTLED
from tests.project.serving import Service, a_service, until

KILLS = int(os.environ.get("PASSERELLE_KILLS", "4"))
SEED = int(os.environ.get("PASSERELLE_KILL_SEED", "7"))


@pytest.fixture(params=["sqlite", "postgresql"])
def server(
    request: pytest.FixtureRequest, require: Callable[[str], str]
) -> Iterator[OwnPostgres | None]:
    """A PostgreSQL of the test's own, or nothing: then the service has its file."""
    if request.param == "sqlite":
        yield None
        return
    with an_own_postgres(Path(require("initdb")).parent) as own:
        yield own


def test_whatever_is_killed_each_acknowledged_event_counts_once(
    tmp_path: Path, server: OwnPostgres | None
) -> None:
    url = server.url if server else ""
    with a_service(tmp_path / "home", PASSERELLE_DATABASE_URL=url) as service:
        load = Load(service.port, _published(service, tmp_path))
        load.start()

        killed = _kill_at_random(service, server)

        until(lambda: service.get("/health/ready").status == 200)
        time.sleep(1)
        load.stop()
        _come_to_rest(service)
        facts = json.loads(service.django(FACTS))
        told = f"{len(load.acknowledged)} acknowledged, {load.refused} refused, killed: {killed}\n"
        sys.stderr.write(told)
        assert len(killed) == KILLS
        assert len(load.acknowledged) > 50
        assert load.acknowledged - facts["ids"].keys() == set(), "acknowledged and lost"
        assert {name: n for name, n in facts["ids"].items() if n > 1} == {}, "counted twice"
        assert facts["wrong"] == []
        assert facts["broken"] == []
        assert facts["leads"] > 0


def _published(service: Service, folder: Path) -> str:
    agreement = folder / "faults.yaml"
    agreement.write_text(AGREEMENT, "utf-8")
    return service.django(PUBLISH.format(agreement=str(agreement)))


def _kill_at_random(service: Service, server: OwnPostgres | None) -> list[str]:
    chance = random.Random(SEED)
    victims = ["web-1", "live-1", "web-1", "live-1", "bulk-1"]
    if server is not None:
        victims += ["database", "database"]
    killed = []
    for number in range(KILLS):
        time.sleep(chance.uniform(0.3, 2.5))
        victim = victims[number % len(victims)] if number < len(victims) else chance.choice(victims)
        if victim == "database":
            assert server is not None
            server.kill()
            time.sleep(chance.uniform(0, 0.5))
            server.start()
        else:
            _kill(service, victim)
        killed.append(victim)
    return killed


def _kill(service: Service, role: str) -> None:
    """Kill the process of that role that runs now, waiting for one that is being started."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(service.pids()[role], signal.SIGKILL)
        except ProcessLookupError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{role} never came back")


def _come_to_rest(service: Service) -> None:
    """Wait until workers have nothing more to do: twice the same, with nothing waiting."""
    before = ""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        now = service.django(SETTLED)
        if now == before and now.startswith("0 "):
            return
        before = now
        time.sleep(1.5)
    raise AssertionError(f"the service did not come to rest: {before}")
