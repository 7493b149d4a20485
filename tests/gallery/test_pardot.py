"""Account Engagement (Pardot): the default table, and grades in thirds from F to A+."""

from __future__ import annotations

from typing import Any

import pytest

from passerelle.core.history import Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, gallery, on, stages_by_day

AGREEMENT = gallery("pardot")
DEFAULTS = {
    "redirect_clicked": 3,
    "download": 3,
    "form_submitted": 50,
    "form_failed": -5,
    "chat_started": 10,
    "opportunity_created": 50,
    "deal_lost": -100,
    "page": 1,
    "email_opened": 0,
    "email_clicked": 3,
    "site_searched": 3,
}
CRITERIA: tuple[dict[str, Any], ...] = (
    {"employees": 400},
    {"industry": "Software"},
    {"country": "Canada"},
    {"job_title": "Director of sales"},
    {"department": "Marketing"},
)


def ray() -> Lead:
    return a_lead(
        *(on(0, name, n) for n, name in enumerate(DEFAULTS) if name != "deal_lost"),
        on(1, "accepted"),
        on(1, "contacted"),
        *bant(1),
        on(40, "deal_won"),
        employees=400,
        industry="Software",
        country="Canada",
        job_title="Director of sales",
        department="Marketing",
        key="ray",
    )


def lost() -> Lead:
    return a_lead(on(0, "deal_lost"), key="lost")


def ready() -> Lead:
    """Two forms and a grade of B-: handed over by the rule on both."""
    return a_lead(
        on(0, "form_submitted"),
        on(1, "form_submitted"),
        employees=400,
        industry="Software",
        country="Canada",
        key="ready",
    )


def signing() -> Lead:
    return a_lead(on(0, "accepted"), on(0, "contacted"), *bant(0), key="signing")


LEADS = (ray(), lost(), ready(), signing())


@pytest.mark.parametrize("event", DEFAULTS)
def test_each_activity_gives_its_default_points(event: str) -> None:
    lead = a_lead(on(0, event))

    score = at_end_of(AGREEMENT, lead, 0).total

    assert score == DEFAULTS[event]


def test_nothing_fades() -> None:
    lead = a_lead(on(0, "page"), on(0, "form_submitted"))

    totals = [at_end_of(AGREEMENT, lead, age).total for age in (0, 365, 3650)]

    assert totals == [51, 51, 51]


def test_everybody_starts_at_d() -> None:
    levels = at_end_of(AGREEMENT, a_lead(), 0).levels

    assert levels.grade == "D"


def test_ten_thirds_go_from_d_to_a_plus() -> None:
    known: dict[str, Any] = {}
    grades = []

    for criterion in CRITERIA:
        known |= criterion
        grades.append(at_end_of(AGREEMENT, a_lead(**known), 0).levels.grade)

    assert grades == ["C-", "C+", "B", "A-", "A+"]


def test_bad_matches_take_thirds_down_to_f_and_not_below() -> None:
    small = a_lead(employees=3)
    worse = a_lead(employees=3, job_title="student")

    grades = [at_end_of(AGREEMENT, lead, 0).levels.grade for lead in (small, worse)]

    assert grades == ["D-", "F"]


@pytest.mark.parametrize(
    ("forms", "criteria", "stage"),
    [(1, 5, "prospect"), (2, 2, "prospect"), (2, 3, "mql"), (2, 5, "mql")],
)
def test_sales_get_who_has_both_the_score_and_the_grade(
    forms: int, criteria: int, stage: str
) -> None:
    known: dict[str, Any] = {}
    for criterion in CRITERIA[:criteria]:
        known |= criterion
    lead = a_lead(*(on(n, "form_submitted") for n in range(forms)), **known)

    reached = at_end_of(AGREEMENT, lead, 2).stage

    assert reached == stage


def test_an_opportunity_and_a_sale_follow() -> None:
    stages = stages_by_day(AGREEMENT, ray(), 1, 40)

    assert stages == ["opportunity", "customer"]
