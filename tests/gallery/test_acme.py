"""The example of the agreement's own design page, line by line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from passerelle.core.history import Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, gallery, on, says, stages_by_day

AGREEMENT = gallery("acme")


def jeanne() -> Lead:
    """A director who reads, comes back, fills in forms very fast, and meets sales."""
    return a_lead(
        *(on(n, "email_opened", n) for n in range(7)),
        on(0, "email_clicked"),
        on(0, "form_submitted", asset="ebook-scoring"),
        *says(0.01, email="jeanne@verre.example", job_title="Head of Sales", employees=120),
        on(1, "form_submitted", asset="ebook-sla"),
        on(1, "download", asset="ebook-sla"),
        on(2, "form_submitted", asset="ebook-bant"),
        *(on(n, "page", path="/pricing") for n in (1, 2, 3)),
        on(3, "page", 5, path="/customers/verre"),
        on(4, "accepted"),
        on(4, "contacted", 20),
        *bant(4),
        on(6, "meeting_booked"),
        key="jeanne",
    )


def hand_raiser() -> Lead:
    return a_lead(on(0, "demo_requested"), key="raised")


def recommended() -> Lead:
    return a_lead(source="customer_referral", key="recommended")


def competitor() -> Lead:
    return a_lead(email="spy@eu.rival.example", key="spy")


def enthusiast() -> Lead:
    """Everything fit and engagement can give: hot by score alone."""
    return a_lead(
        *(e for e in jeanne().events if e.name not in ("accepted", "contacted", "bant_assessed")),
        on(3, "page", 9, path="/pricing"),
        *says(3, employees=900),
        job_title="CEO",
        key="enthusiast",
    )


def bounced_student() -> Lead:
    return a_lead(on(0, "email_bounced"), job_title="Student", employees=4, key="student")


def returned() -> Lead:
    return a_lead(*jeanne().events, on(7, "returned", reason="bad_timing"), key="returned")


LEADS = (
    jeanne(),
    hand_raiser(),
    recommended(),
    competitor(),
    enthusiast(),
    bounced_student(),
    returned(),
)


def test_each_rule_gives_what_its_line_says() -> None:
    worths = at_end_of(AGREEMENT, jeanne(), 6).levels.worths

    kept = {w.rule: round(w.points, 3) for w in worths if w.points}
    assert kept == {
        "size": 25,
        "role": 30,
        "pricing": 30,  # three times, but never more than 30
        "opened": 5,  # seven times, but five a week
        "clicked": Decimal("2.7"),  # 3 points less 6 days of 50 % a month
        "ebook": 24,  # three different ones
        "returns": 15,
        "fast": 20,
    }


def test_points_and_a_meeting_make_an_mql_and_an_sql() -> None:
    lead = jeanne()

    stages = stages_by_day(AGREEMENT, lead, 0, 3, 6)

    assert stages == ["lead", "mql", "sql"]


def test_the_total_is_the_weighted_mean_and_the_grade_names_both_sides() -> None:
    levels = at_end_of(AGREEMENT, jeanne(), 6).levels

    fit, engagement = levels.of("fit"), levels.of("engagement")
    assert levels.total == Decimal("0.4") * fit + Decimal("0.6") * engagement
    assert (fit, levels.grade) == (Decimal(55), "B1")


@pytest.mark.parametrize(
    ("lead", "stage", "clock"),
    [
        (hand_raiser(), "handoff", "hot"),
        (recommended(), "handoff", None),
        (competitor(), "disqualified", None),
        (bounced_student(), "lead", None),
        (returned(), "nurturing", None),
    ],
)
def test_shortcuts_lead_where_they_say(lead: Lead, stage: str, clock: str | None) -> None:
    standing = at_end_of(AGREEMENT, lead, 8).standing

    assert (standing.stage, standing.clock) == (stage, clock)


def test_after_bad_timing_it_takes_ninety_days_and_ten_new_points() -> None:
    again = on(80, "page", path="/pricing")
    lead = a_lead(*returned().events, again)

    stages = [at_end_of(AGREEMENT, lead, number).stage for number in (80, 96, 97)]

    assert stages[:2] == ["nurturing", "nurturing"]
    assert stages[2] != "nurturing"


def test_silence_takes_ten_points_each_thirty_days() -> None:
    worths = [
        {w.rule: w.points for w in at_end_of(AGREEMENT, jeanne(), 6 + age).levels.worths}
        for age in (29, 30, 59, 60)
    ]

    assert [w["silent"] for w in worths] == [0, -10, -10, -20]
