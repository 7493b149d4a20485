"""HubSpot: total, groups and rules with limits, monthly decay, A1 to C3, and no NULL."""

from __future__ import annotations

from decimal import Decimal

import pytest

from passerelle.core.history import Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, gallery, on, stages_by_day

AGREEMENT = gallery("hubspot")


def mona() -> Lead:
    return a_lead(
        *(on(0, "page", n, path="/pricing") for n in range(3)),
        *(on(1, "page", n, path=f"/case-studies/{n}") for n in range(4)),
        on(1, "page", 9, path="/careers"),
        *(on(n, "email_opened") for n in range(8)),
        *(on(n, "email_clicked") for n in range(5)),
        on(2, "form_submitted"),
        on(3, "demo_requested"),
        on(4, "accepted"),
        on(4, "contacted", 9),
        *bant(5),
        on(6, "opportunity_created"),
        on(7, "deal_won"),
        email="mona@bigco.example",
        job_title="VP Sales",
        phone="+1 617 555 0101",
        employees=2_000,
        annual_revenue=9_000_000,
        country="United States",
        key="mona",
    )


def gil() -> Lead:
    return a_lead(
        on(0, "form_submitted"),
        on(1, "email_bounced"),
        on(2, "email_bounced"),
        email="gil@gmail.com",
        country="Peru",
        key="gil",
    )


def pia() -> Lead:
    """Marketing qualified by the grade alone."""
    return a_lead(
        *(on(0, "page", n, path="/pricing") for n in range(2)),
        on(0, "form_submitted"),
        job_title="Director",
        employees=300,
        annual_revenue=2_000_000,
        country="Canada",
        key="pia",
    )


def bounced_back() -> Lead:
    return a_lead(on(0, "form_submitted"), on(1, "returned", reason="bad_data"), key="back")


LEADS = (mona(), gil(), pia(), bounced_back(), a_lead(key="nobody"))


def test_half_a_month_takes_ten_to_seven_and_a_half_and_a_month_to_five() -> None:
    lead = a_lead(on(0, "page", path="/pricing"))

    points = [at_end_of(AGREEMENT, lead, age).levels.of("engagement") for age in (0, 15, 30, 60)]

    assert points == [10, 7.5, 5, 0]


def test_each_event_fades_from_its_own_day() -> None:
    lead = a_lead(on(0, "page", path="/pricing"), on(30, "page", path="/pricing"))

    points = at_end_of(AGREEMENT, lead, 30).levels.of("engagement")

    assert points == 5 + 10


def test_a_time_frame_takes_everything_at_once() -> None:
    lead = a_lead(on(0, "demo_requested"))

    points = [at_end_of(AGREEMENT, lead, age).levels.of("engagement") for age in (179, 180)]

    assert points == [20, 0]


@pytest.mark.parametrize(("number", "points"), [(2, 0), (3, 5), (9, 5), (10, 10), (40, 10)])
def test_how_often_counts_in_ranges(number: int, points: int) -> None:
    lead = a_lead(*(on(0, "page", n, path="/about") for n in range(number)))

    level = at_end_of(AGREEMENT, lead, 0).levels.of("engagement")

    assert level == points


def test_rule_group_and_total_keep_their_limits_and_the_ledger_says_what_each_took() -> None:
    levels = at_end_of(AGREEMENT, mona(), 7).levels

    taken = {(e.kind, e.of) for e in levels.entries if e.kind.endswith("_line")}
    assert ("rule_line", "pricing_page") in taken
    assert ("rule_line", "email_open") in taken
    assert ("group_line", "emails") in taken
    assert ("dimension_line", "engagement") in taken
    assert levels.total <= 100


def test_bad_points_have_a_limit_too() -> None:
    emails = [e for e in at_end_of(AGREEMENT, gil(), 2).levels.entries if e.of == "emails"]

    assert [(e.kind, e.points) for e in emails] == [("group_line", Decimal(5))]


@pytest.mark.parametrize(
    ("lead", "grade"), [(mona(), "A1"), (pia(), "A2"), (gil(), "C3"), (a_lead(), "C3")]
)
def test_fit_and_engagement_combine_from_a1_to_c3(lead: Lead, grade: str) -> None:
    levels = at_end_of(AGREEMENT, lead, 3).levels

    assert levels.grade == grade


def test_whom_no_rule_matches_has_a_score_and_a_stage() -> None:
    score = at_end_of(AGREEMENT, a_lead(), 0)

    assert (score.total, score.stage) == (Decimal(0), "subscriber")


def test_lifecycle_stages_follow_one_another() -> None:
    lead = mona()

    stages = [*stages_by_day(AGREEMENT, pia(), 0), *stages_by_day(AGREEMENT, lead, 3, 5, 6, 7)]

    assert stages == ["mql", "handoff", "sql", "opportunity", "customer"]
