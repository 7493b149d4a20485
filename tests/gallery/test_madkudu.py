"""MadKudu's mechanic: points fade over a lifespan, bands at 85, 70, 50, overrides force a score."""

from __future__ import annotations

from decimal import Decimal

import pytest

from passerelle.core.history import Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, gallery, on

AGREEMENT = gallery("madkudu")


def una() -> Lead:
    return a_lead(
        on(0, "email_clicked"),
        on(1, "page", path="/pricing"),
        on(2, "trial_requested"),
        on(3, "teammate_invited"),
        employees=500,
        industry="Software",
        email="una@cloud.example",
        key="una",
    )


def personal() -> Lead:
    return a_lead(employees=500, email="joe@gmail.com", key="personal")


def strategic() -> Lead:
    return a_lead(employees=5, strategic=True, key="strategic")


def back() -> Lead:
    return a_lead(on(0, "page", path="/"), on(1, "returned", reason="no_need"), key="back")


def warming(points: int) -> Lead:
    """A lead of perfect fit with so many points of likelihood."""
    clicks = [on(0, "email_clicked", n) for n in range(points // 9)]
    return a_lead(*clicks, employees=500, industry="internet", key=f"warming{points}")


LEADS = (una(), personal(), strategic(), back(), *map(warming, (9, 45, 81)))


@pytest.mark.parametrize("age", [0, 1, 10, 45, 89, 90, 400])
def test_points_are_multiplied_by_what_is_left_of_ninety_days(age: int) -> None:
    lead = a_lead(on(0, "page", path="/pricing"))

    likelihood = at_end_of(AGREEMENT, lead, age).levels.of("likelihood")

    assert likelihood == pytest.approx(Decimal(18 * max(0, 90 - age)) / 90, abs=Decimal("1e-9"))


@pytest.mark.parametrize(
    ("clicks", "age", "band"),
    [
        (10, 0, "very_high"),
        (10, 5, "very_high"),
        (10, 6, "high"),
        (10, 20, "high"),
        (10, 21, "medium"),
        (10, 40, "medium"),
        (10, 41, "low"),
        (0, 0, "low"),
    ],
)
def test_bands_begin_at_85_70_and_50(clicks: int, age: int, band: str) -> None:
    lead = a_lead(*(on(0, "email_clicked", n) for n in range(clicks)))

    grade = at_end_of(AGREEMENT, lead, age).levels.grade

    assert grade == band


def test_an_override_forces_a_personal_address_low_and_keeps_a_strategic_account_high() -> None:
    fits = [at_end_of(AGREEMENT, lead, 0).levels.of("fit") for lead in (personal(), strategic())]

    assert fits == [0, 85]


def test_an_unknown_company_has_the_unscored_value() -> None:
    assert at_end_of(AGREEMENT, a_lead(), 0).levels.of("fit") == 20


def test_stages_follow_the_total() -> None:
    stages = [at_end_of(AGREEMENT, warming(points), 0).stage for points in (9, 45, 81)]

    assert stages == ["medium", "high", "very_high"]
