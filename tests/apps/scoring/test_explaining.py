"""A lead's score opened: what it is made of, what it lacks, what it was."""

from __future__ import annotations

from decimal import Decimal

import pytest

from passerelle.apps.people.models import Company, Lead
from passerelle.apps.scoring import queries
from passerelle.apps.scoring.models import Score
from tests.apps.scoring.builders import (
    DAY,
    HOUR,
    NOW,
    a_lead,
    happens,
    identified,
    published,
    work_off,
)

pytestmark = pytest.mark.django_db


def a_scored_lead() -> Lead:
    """20 for its size, 30 for a page, 15 for three mails of which a group's line keeps 12."""
    published()
    lead = a_lead("page", "email_opened", "email_opened", "email_opened", at=NOW - HOUR)
    identified(lead, at=NOW - HOUR, employees=120)
    work_off(NOW)
    return lead


def test_the_ledger_adds_up_to_the_stored_score() -> None:
    lead = a_scored_lead()

    lines = queries.ledger_of(lead, "en", now=NOW)

    by_level: dict[str, Decimal] = {}
    for line in lines:
        by_level[line.level] = by_level.get(line.level, Decimal(0)) + line.points
    assert by_level == {"fit": 20, "engagement": 42, "total": 62}
    assert by_level["total"] == Score.objects.get(lead=lead).total
    assert {line.label: int(line.points) for line in lines}["Limit of the group mail"] == -3


def test_the_reasons_are_what_each_really_brings() -> None:
    lead = a_scored_lead()

    reasons = queries.why(lead, "fr", now=NOW)

    assert [(one.of, int(one.points)) for one in reasons] == [
        ("page", 30),
        ("size", 20),
        ("opened", 12),
    ]


def test_what_is_missing_and_what_would_change_it_are_sentences() -> None:
    lead = a_scored_lead()

    missing = queries.why_not_yet(lead, "en", now=NOW)
    changing = queries.what_would_change(lead, "fr", now=NOW)

    assert any("100" in sentence for sentence in missing)
    assert changing


def test_before_any_agreement_nothing_is_explained() -> None:
    lead = a_lead("page")

    assert queries.opened(lead, now=NOW) is None
    assert queries.ledger_of(lead, "en", now=NOW) == []
    assert queries.why(lead, "en", now=NOW) == []
    assert queries.why_not_yet(lead, "en", now=NOW) == ()
    assert queries.what_would_change(lead, "en", now=NOW) == ()
    assert queries.score_over_time(lead, now=NOW) == []
    assert queries.then_and_now(lead, at=NOW).known_now is None


def test_the_course_tells_each_change_of_score_and_stage() -> None:
    published()
    lead = a_lead("page", "page", at=NOW - 12 * DAY)

    points = queries.score_over_time(lead, since=NOW - 20 * DAY, now=NOW)

    assert [(int(point.total), point.stage) for point in points] == [
        (0, "lead"),
        (60, "mql"),
        (0, "lead"),
    ]
    assert points[1].at == NOW - 12 * DAY
    assert points[2].at.hour == 22  # midnight in Paris


def test_the_course_ends_with_the_stored_score() -> None:
    lead = a_scored_lead()

    last = queries.score_over_time(lead, now=NOW)[-1]

    score = Score.objects.get(lead=lead)
    assert (last.total, last.stage) == (score.total, score.stage)


def test_a_late_event_changes_the_past_score_and_not_what_was_decided() -> None:
    published()
    lead = a_lead("page", at=NOW - 3 * DAY)
    work_off(NOW - 3 * DAY)
    happens(lead, "page", at=NOW - 3 * DAY, received_at=NOW)
    work_off(NOW)

    past = queries.then_and_now(lead, at=NOW - DAY)

    assert past.decided == "lead"
    assert past.known_then is not None
    assert past.known_now is not None
    assert (int(past.known_then.total), past.known_then.stage) == (30, "lead")
    assert (int(past.known_now.total), past.known_now.stage) == (60, "mql")
    assert past.differs
    assert queries.then_and_now(lead, at=NOW).decided == "mql"


def test_a_corrected_field_changes_the_past_score_too() -> None:
    published()
    lead = a_lead("page", at=NOW - 3 * DAY)
    work_off(NOW - 3 * DAY)
    identified(lead, at=NOW, employees=500)

    past = queries.then_and_now(lead, at=NOW - DAY)

    assert past.known_then is not None
    assert past.known_then.total == 30
    assert not past.differs  # a field counts from when it changed


def test_the_past_is_judged_by_the_agreement_of_then() -> None:
    first = published(at=NOW - 5 * DAY)
    lead = a_lead("page", "page", at=NOW - 3 * DAY)
    work_off(NOW - 3 * DAY)
    published(at=NOW - DAY, stages={"mql": {"when": {"total": ">=90"}}})

    past = queries.then_and_now(lead, at=NOW - 2 * DAY)

    assert past.published == first
    assert past.known_now is not None
    assert past.known_now.stage == "mql"
    assert queries.then_and_now(lead, at=NOW - 9 * DAY).published is None


def test_a_company_is_as_good_as_its_best_lead() -> None:
    published()
    company = Company.objects.create(key="acme", name="Acme", created_at=NOW)
    cold = a_lead("page", company=company)
    warm = a_lead("page", "page", company=company)
    a_lead("page", "page", "page", "page")
    work_off(NOW)

    rolled_up = queries.company_score(company)

    assert rolled_up is not None
    assert (rolled_up.best.lead, rolled_up.stage, rolled_up.leads) == (warm, "mql", 2)
    assert dict(rolled_up.by_stage) == {"mql": 1, "lead": 1}
    assert cold != warm


def test_a_company_without_scored_leads_has_no_score() -> None:
    company = Company.objects.create(key="acme", name="Acme", created_at=NOW)
    assert queries.company_score(company) is None
    published()

    assert queries.company_score(company) is None
