"""News of leads become scores and moves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from passerelle.apps.people.models import Lead, Touched
from passerelle.apps.scoring import worker
from passerelle.apps.scoring.models import Score, Transition
from tests.apps.scoring.builders import (
    DAY,
    HOUR,
    NOW,
    a_lead,
    happens,
    identified,
    published,
    touch,
    work_off,
)

pytestmark = pytest.mark.django_db


def moves(lead: Lead) -> list[tuple[str, str, str]]:
    rows = Transition.objects.filter(lead=lead).order_by("number")
    return [(row.from_stage, row.to_stage, row.cause) for row in rows]


def test_news_become_a_score_with_its_figures() -> None:
    agreement = published()
    lead = a_lead("page", "email_opened", "email_opened", "email_opened", at=NOW - HOUR)
    identified(lead, at=NOW - HOUR, employees=120)

    done = worker.work(NOW)

    assert done == 2
    score = Score.objects.get(lead=lead)
    assert (score.total, score.grade, score.agreement) == (Decimal(62), "A2", agreement)
    assert score.dimensions == {"fit": 20.0, "engagement": 42.0}
    assert score.worths == {
        "size": [20.0, 20.0, 20.0],
        "page": [30.0, 30.0, 30.0],
        "opened": [15.0, 15.0, 15.0],
    }
    assert score.standing == {"stage": "mql"}
    assert (score.stage, score.stage_since, score.moves) == ("mql", NOW, 1)
    assert moves(lead) == [("", "mql", "score")]
    assert not Touched.objects.exists()


def test_nothing_to_do_is_nothing_done() -> None:
    published()

    assert worker.work(NOW) == 0


def test_each_rise_and_fall_is_a_move() -> None:
    published()
    lead = a_lead(at=NOW - 3 * DAY)
    work_off(NOW - 3 * DAY)
    happens(lead, "page", "page", at=NOW - 2 * DAY)
    work_off(NOW - 2 * DAY)
    happens(lead, "demo_requested", at=NOW - DAY)
    work_off(NOW - DAY)
    happens(lead, "unsubscribed", at=NOW - HOUR)

    work_off(NOW)

    assert moves(lead) == [
        ("", "lead", "score"),
        ("lead", "mql", "score"),
        ("mql", "handoff", "fast_track"),
        ("handoff", "disqualified", "disqualified"),
    ]
    last = Transition.objects.filter(lead=lead).last()
    assert last is not None
    assert (last.at, last.decided_at, last.number) == (NOW - HOUR, NOW, 4)
    assert last.evidence["disqualified"] == "stop"
    assert last.evidence["event"]["name"] == "unsubscribed"


def test_the_same_news_twice_move_nobody_twice() -> None:
    published()
    lead = a_lead("page", "page")
    work_off(NOW)
    touch(lead)

    work_off(NOW + HOUR)

    assert moves(lead) == [("", "mql", "score")]


def test_a_late_event_changes_the_score_and_no_decision() -> None:
    published()
    lead = a_lead("page", at=NOW - 2 * DAY)
    work_off(NOW - 2 * DAY)
    happens(lead, "page", at=NOW - 2 * DAY, received_at=NOW)

    work_off(NOW)

    assert moves(lead) == [("", "lead", "score"), ("lead", "mql", "score")]
    last = Transition.objects.get(lead=lead, number=2)
    assert last.at == NOW  # it was not known before


def test_an_event_of_the_future_waits_for_its_time() -> None:
    published()
    lead = a_lead("page")
    happens(lead, "page", at=NOW + HOUR, received_at=NOW)

    work_off(NOW)
    early = Score.objects.get(lead=lead).total
    idle = worker.work(NOW)
    work_off(NOW + HOUR)

    assert (early, idle) == (Decimal(30), 0)
    assert Score.objects.get(lead=lead).total == Decimal(60)
    assert not Touched.objects.exists()


def test_a_lead_that_is_merged_or_erased_loses_its_score_and_keeps_its_moves() -> None:
    published()
    kept, merged, erased = a_lead("page"), a_lead("page"), a_lead("page")
    work_off(NOW)
    Lead.objects.filter(pk=merged.pk).update(merged_into=kept)
    Lead.objects.filter(pk=erased.pk).update(erased_at=NOW)
    touch(kept, merged, erased)

    work_off(NOW + HOUR)

    assert set(Score.objects.values_list("lead", flat=True)) == {kept.pk}
    assert Transition.objects.count() == 3


def test_a_lead_whose_merge_is_undone_goes_on_where_it_stood() -> None:
    published()
    kept, merged = a_lead(), a_lead("page", "page")
    work_off(NOW)
    Lead.objects.filter(pk=merged.pk).update(merged_into=kept)
    touch(merged)
    work_off(NOW + HOUR)
    Lead.objects.filter(pk=merged.pk).update(merged_into=None)
    touch(merged)

    work_off(NOW + 2 * HOUR)

    assert moves(merged) == [("", "mql", "score")]
    assert Score.objects.get(lead=merged).moves == 1


def test_before_any_agreement_news_are_dropped_for_publishing_scores_everybody() -> None:
    lead = a_lead("page")

    assert worker.work(NOW) == 1

    assert not Score.objects.filter(lead=lead).exists()
    assert not Touched.objects.exists()


def test_a_batch_is_bounded_and_the_rest_comes_next() -> None:
    published()
    for _ in range(worker.LEADS_A_BATCH + 5):
        a_lead("page")

    first = worker.work(NOW)
    rest = work_off(NOW)

    assert (first, rest) == (worker.LEADS_A_BATCH, 5)
    assert Score.objects.count() == worker.LEADS_A_BATCH + 5


def test_a_batch_takes_few_queries(django_assert_max_num_queries: object) -> None:
    published()
    for _ in range(20):
        a_lead("page", "download")

    with django_assert_max_num_queries(80):  # type: ignore[operator]
        worker.work(NOW)
