"""Midnights and new versions act on everybody, in bulk, and say what live scoring says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection

from passerelle.apps.people.models import Lead, Touched
from passerelle.apps.people.queries import logs_of
from passerelle.apps.scoring import bulk, bulk_writing, worker
from passerelle.apps.scoring.bulk_due import Pass
from passerelle.apps.scoring.keeping import figures_of, fingerprint
from passerelle.apps.scoring.models import Night, PublishedAgreement, Score, Transition
from passerelle.apps.scoring.queries import agreement_of
from passerelle.apps.scoring.turn import turn
from passerelle.core.scorer import score_lead
from tests.apps.scoring.builders import (
    DAY,
    HOUR,
    NOW,
    a_lead,
    a_text,
    happens,
    identified,
    published,
    touch,
    work_off,
)

pytestmark = pytest.mark.django_db(transaction=True)

MIDNIGHT = datetime.fromisoformat("2024-06-11T22:00:00+00:00")
"""The last before NOW in Paris."""


def nights_off(now: datetime = NOW) -> int:
    """All that is due for everybody."""
    done = 0
    while more := worker.nightly(now):
        done += more
    return done


def nights_done(*, before: datetime = MIDNIGHT) -> None:
    """Everybody has been scored by the agreement, and acted on each night before an instant."""
    PublishedAgreement.objects.update(rescored_at=before - DAY)
    at = MIDNIGHT if before > MIDNIGHT else before - DAY
    Night.objects.create(midnight_at=at, started_at=at, finished_at=at)


def assert_as_if_scored_alone(now: datetime) -> None:
    """Every stored score is what the interpreter says of the lead at the same instant."""
    scores = list(Score.objects.select_related("agreement"))
    assert scores
    for row in scores:
        agreement = agreement_of(row.agreement)
        (log,) = logs_of(agreement, [row.pk])
        expected = figures_of(score_lead(agreement, log, as_of=now))
        assert row.total == expected.total
        assert row.grade == expected.grade
        assert row.dimensions == expected.dimensions
        assert row.worths == {key: list(points) for key, points in expected.worths.items()}
        assert row.standing == expected.standing
        assert row.fingerprint == fingerprint(agreement, expected)


def a_crowd() -> list[Lead]:
    """Leads of every kind, not yet scored."""
    crowd = [
        a_lead(),
        a_lead("page", "page", at=NOW - 4 * DAY),
        a_lead("download", "download", at=NOW - 5 * DAY),
        a_lead(*["email_opened"] * 4, "page", "page", "page", "page", at=NOW - 3 * DAY),
        a_lead("demo_requested", at=NOW - 2 * DAY),
        a_lead("unsubscribed", at=NOW - 2 * DAY),
        a_lead("page", "page", at=NOW - 6 * DAY),
        a_lead("accepted", at=NOW - 2 * DAY),
    ]
    happens(crowd[6], "returned", at=NOW - 2 * DAY, reason="bad_timing")
    for criterion in ("budget", "need"):
        happens(crowd[7], "bant_assessed", at=NOW - 2 * DAY, criterion=criterion, met="true")
    identified(crowd[1], at=NOW - 4 * DAY, employees=60)
    return crowd


def test_a_first_agreement_scores_everybody_in_bulk_as_it_would_one_by_one() -> None:
    crowd = a_crowd()
    Touched.objects.all().delete()
    first = published(at=NOW - HOUR)

    changed = nights_off()

    assert changed == len(crowd)
    assert_as_if_scored_alone(NOW)
    assert set(Score.objects.values_list("stage", flat=True)) == {
        *("lead", "mql", "hot", "handoff", "disqualified", "nurturing", "sql")
    }
    causes = dict(Transition.objects.values_list("to_stage", "cause"))
    assert causes["handoff"] == "fast_track"
    assert causes["sql"] == "qualified"
    first.refresh_from_db()
    assert first.rescored_at == NOW


def test_bulk_and_live_give_equal_scores_and_stages() -> None:
    crowd = a_crowd()
    published(at=NOW - HOUR)
    nights_off()
    in_bulk = {row.pk: row.fingerprint for row in Score.objects.all()}
    touch(*crowd)

    work_off(NOW)

    assert {row.pk: row.fingerprint for row in Score.objects.all()} == in_bulk
    assert Transition.objects.count() == len(crowd)


def test_time_takes_points_at_midnight_and_moves_whom_it_concerns() -> None:
    published(at=NOW - 11 * DAY)
    falling = a_lead("page", "page", at=NOW - 10 * DAY)
    staying = a_lead("page", "page", at=NOW - 5 * DAY)
    for days in (10, 5):
        work_off(NOW - days * DAY)
    nights_done()

    nights_off()

    assert [row.stage for row in Score.objects.order_by("pk")] == ["lead", "mql"]
    last = Transition.objects.get(lead=falling, number=2)
    assert (last.from_stage, last.to_stage, last.cause) == ("mql", "lead", "score")
    assert (last.at, last.decided_at) == (MIDNIGHT, NOW)
    assert last.evidence == {"levels": {"total": "0"}, "missed": {"total": ">=25"}}
    assert Transition.objects.filter(lead=staying).count() == 1
    assert_as_if_scored_alone(MIDNIGHT)


def test_nights_are_made_up_for_one_by_one() -> None:
    published(at=NOW - 2 * DAY)

    one = worker.nightly(NOW)
    rest = nights_off()

    assert (one, rest) == (1, 2)  # everybody by the new agreement, then two nights
    nights = Night.objects.order_by("midnight_at")
    assert [night.midnight_at for night in nights] == [MIDNIGHT - DAY, MIDNIGHT]
    assert worker.nightly(NOW) == 0


def test_nights_that_were_missed_give_the_moves_they_would_have_given() -> None:
    published(at=NOW - 30 * DAY)
    lead = a_lead("page", "page", "page", at=NOW - 11 * DAY)
    happens(lead, "page", at=NOW - 9 * DAY)
    work_off(NOW - 9 * DAY)
    nights_done(before=MIDNIGHT - 1 * DAY)

    nights_off()

    moves = Transition.objects.filter(lead=lead).order_by("number")
    assert [(m.to_stage, m.at) for m in moves] == [
        ("hot", NOW - 9 * DAY),
        ("mql", MIDNIGHT - DAY),
    ]


def test_what_was_scored_after_midnight_is_left_as_it_is() -> None:
    published()
    nights_done()
    lead = a_lead("page", "page", at=NOW - HOUR)
    work_off(NOW)

    nights_off()

    score = Score.objects.get(lead=lead)
    assert (score.as_of, score.total) == (NOW, Decimal(60))


def test_a_night_writes_only_what_it_changes() -> None:
    published()
    nights_done()
    same = a_lead("email_opened", at=NOW - 2 * DAY)
    fading = a_lead("download", at=NOW - 2 * DAY)
    work_off(NOW - 2 * DAY)

    nights_off()

    assert Score.objects.get(lead=same).as_of == NOW - 2 * DAY
    assert Score.objects.get(lead=fading).as_of == MIDNIGHT
    assert Night.objects.get(midnight_at=MIDNIGHT).changed == 1


def test_a_night_that_was_broken_off_is_done_to_its_end_and_moves_nobody_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published()
    for _ in range(6):
        a_lead("page", "page", at=NOW - 10 * DAY)
    work_off(NOW - 10 * DAY)
    nights_done()
    monkeypatch.setattr(bulk, "LEADS_A_TRANSACTION", 2)
    due = bulk.next_pass(NOW)
    assert due is not None
    broken = iter([2, 2, OSError("the power went")])
    written = bulk_writing.write_batch

    def breaking(rows: Sequence[bulk_writing.Row], due: Pass, *, now: datetime) -> int:
        match next(broken):
            case OSError() as error:
                raise error
        return written(rows, due, now=now)

    monkeypatch.setattr(bulk, "write_batch", breaking)
    with pytest.raises(OSError, match="power"):
        worker.nightly(NOW)
    monkeypatch.setattr(bulk, "write_batch", written)
    half_way = Transition.objects.filter(number=2).count()

    worker.nightly(NOW)

    assert half_way == 4
    assert Transition.objects.filter(number=2).count() == 6
    assert not Night.objects.filter(finished_at=None).exists()


def test_a_new_version_scores_everybody_anew_and_decides_from_then_on() -> None:
    published()
    nights_done(before=NOW)
    lead = a_lead("page", "page", at=NOW - HOUR)
    work_off(NOW - HOUR)

    second = published(at=NOW, stages={"mql": {"when": {"total": ">=70"}}})
    nights_off(NOW)

    score = Score.objects.get(lead=lead)
    assert (score.agreement, score.stage) == (second, "lead")
    moves = Transition.objects.filter(lead=lead).order_by("number")
    assert [(m.to_stage, m.agreement.version) for m in moves] == [
        ("mql", PublishedAgreement.objects.last().version),  # type: ignore[union-attr]
        ("lead", second.version),
    ]
    assert_as_if_scored_alone(NOW)


def test_who_was_scored_live_by_the_new_version_is_left_as_it_is() -> None:
    published()
    nights_done(before=NOW)
    lead = a_lead("page", at=NOW - HOUR)
    second = published(at=NOW, title="Another", grades={"fit": {"A": 0, "B": -50}})
    happens(lead, "page", at=NOW + HOUR)
    work_off(NOW + HOUR)

    nights_off(NOW)

    score = Score.objects.get(lead=lead)
    assert (score.as_of, score.total, score.agreement) == (NOW + HOUR, Decimal(60), second)


def test_only_one_acts_on_everybody_at_a_time() -> None:
    published(at=NOW - HOUR)
    a_lead("page")
    done: list[int] = []

    with turn() as ours:
        elsewhere = Thread(target=lambda: done.append(_nightly_elsewhere()))
        elsewhere.start()
        elsewhere.join()

    assert ours
    assert done == [0]
    assert worker.nightly(NOW) == 1


def test_a_lead_that_a_live_worker_holds_is_left_to_it() -> None:
    published(at=NOW - HOUR)
    gone = a_lead("page", "page", merged_into=a_lead())
    Touched.objects.all().delete()

    nights_off()

    assert not Score.objects.filter(lead=gone).exists()


def test_without_an_agreement_there_is_nothing_to_do_at_night() -> None:
    a_lead("page")

    assert worker.nightly(NOW) == 0


def test_publishing_the_same_text_again_scores_nobody() -> None:
    published()
    nights_done(before=NOW)
    published(at=NOW)

    assert PublishedAgreement.objects.count() == 1
    assert worker.nightly(NOW) == 0
    assert a_text() == PublishedAgreement.objects.get().text


def _nightly_elsewhere() -> int:
    try:
        return worker.nightly(NOW)
    finally:
        connection.close()
