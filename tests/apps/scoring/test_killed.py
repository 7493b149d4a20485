"""Workers that are killed at any moment: each move once, and scores as reckoned from nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from passerelle.apps.people.models import Lead, Touched
from passerelle.apps.people.queries import logs_of
from passerelle.apps.scoring import worker
from passerelle.apps.scoring.keeping import figures_of, fingerprint
from passerelle.apps.scoring.models import Night, PublishedAgreement, Score, Transition
from passerelle.apps.scoring.queries import current_agreement
from passerelle.core.lifecycle import Cause, Move, fold
from passerelle.core.scorer import score_lead
from tests.apps.scoring.builders import DAY, NOW, a_lead, happens, published, touch

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 4
MIDNIGHT = datetime.fromisoformat("2024-06-11T22:00:00+00:00")


@contextmanager
def a_worker(kind: str, now: datetime = NOW) -> Iterator[subprocess.Popen[str]]:
    database = connection.settings_dict
    name = database["NAME"]
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else f"postgresql://{database['HOST']}:{database['PORT'] or 5432}/{name}"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "tests.apps.scoring.a_worker", now.isoformat(), kind]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "PASSERELLE_DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
    }
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_live_workers_that_are_killed_move_each_lead_once() -> None:
    published()
    leads = [a_lead("page", "page") for _ in range(60)]
    draw = random.Random(7)

    for number in range(KILLS):
        with a_worker("work"):
            time.sleep(draw.uniform(0, 0.25))
        for lead in draw.sample(leads, 15):
            happens(lead, "email_opened" if number % 2 else "download")
    _until_idle()

    assert not Touched.objects.exists()
    assert_moves_once_and_scores_as_from_nothing(leads)


def test_a_night_that_is_killed_is_finished_by_the_next() -> None:
    published()
    leads = [a_lead("page", "page", at=NOW - 10 * DAY) for _ in range(120)]
    Touched.objects.all().delete()
    touch(*leads, at=NOW - 10 * DAY)
    _until_idle(NOW - 10 * DAY)
    PublishedAgreement.objects.update(rescored_at=NOW - 10 * DAY)
    Night.objects.create(midnight_at=MIDNIGHT - DAY, started_at=NOW - DAY, finished_at=NOW - DAY)
    draw = random.Random(11)

    for _ in range(2):
        with a_worker("nightly"):
            deadline = time.monotonic() + draw.uniform(1, 6)
            while time.monotonic() < deadline and not _night_is_over():
                time.sleep(0.02)
    while worker.nightly(NOW):
        pass

    assert _night_is_over()
    assert Transition.objects.filter(number=2).count() == len(leads)
    assert_moves_once_and_scores_as_from_nothing(leads, now=MIDNIGHT)


def assert_moves_once_and_scores_as_from_nothing(leads: list[Lead], *, now: datetime = NOW) -> None:
    current = current_agreement()
    assert current is not None
    agreement = current[1]
    logs = {int(log.key): log for log in logs_of(agreement, [lead.pk for lead in leads])}
    for lead in leads:
        row = Score.objects.get(lead=lead)
        reckoned = score_lead(agreement, logs[lead.pk], as_of=now)
        assert row.fingerprint == fingerprint(agreement, figures_of(reckoned))
        moves = [_move(one) for one in Transition.objects.filter(lead=lead).order_by("number")]
        state = fold(moves)
        assert (state.stage, state.moves) == (row.stage, row.moves)
        assert row.stage == reckoned.stage


def _move(row: Transition) -> Move:
    return Move(
        from_stage=row.from_stage,
        to_stage=row.to_stage,
        cause=Cause(row.cause),
        at=row.at,
        decided_at=row.decided_at,
        agreement=row.agreement.version,
        total=row.total,
    )


def _until_idle(now: datetime = NOW) -> None:
    while worker.work(now):
        pass


def _night_is_over() -> bool:
    return Night.objects.filter(midnight_at=MIDNIGHT).exclude(finished_at=None).exists()
