"""Magileads: levels 0 to 4, good and bad points, and an SDR before any account executive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, gallery, on, says, stages_by_day

AGREEMENT = gallery("magileads")


def salome(*later: Event, missing: tuple[str, ...] = ()) -> Lead:
    """An ideal customer, from before any interest to the signature."""
    return a_lead(
        on(3, "email_sent"),
        on(4, "email_opened"),
        on(4, "email_clicked", 5),
        on(6, "form_submitted", asset="ebook-prospection"),
        *says(6.01, email="salome@logi.example"),
        *(on(8, "page", 5 * n, path=f"/blog/{n}") for n in range(3)),
        on(8, "page", 20, path="/produit/sequences"),
        on(8, "page", 25, path="/tarifs"),
        on(9, "trial_requested", role="Directrice commerciale", team_size=12, sector="logiciel"),
        on(10, "call_made"),
        *bant(10, missing=missing),
        *later,
        company="Logi",
        industry="logiciel",
        employees=80,
        country="France",
        key="salome",
    )


def replies(sentiment: str) -> Lead:
    return a_lead(
        on(0, "outbound_replied", sentiment=sentiment),
        industry="conseil",
        employees=20,
        key=sentiment,
    )


def outside() -> Lead:
    return a_lead(industry="association", employees=3, key="outside")


def alone() -> Lead:
    """A student's association: every bad point there is."""
    return a_lead(
        on(0, "trial_requested", role="Étudiant", team_size=1, sector="association"),
        on(1, "email_unsubscribed"),
        on(1, "email_bounced"),
        industry="association",
        employees=2,
        key="alone",
    )


WON = [on(14, "meeting_booked"), on(20, "opportunity_created"), on(30, "deal_won")]
LEADS = (
    salome(*WON),
    salome(on(10, "returned", 60, reason="no_budget"), missing=("budget",)),
    outside(),
    *map(replies, ("positive", "negative", "stop")),
    alone(),
)


def test_the_levels_follow_one_another_from_prospect_to_customer() -> None:
    lead = salome(*WON)

    stages = stages_by_day(AGREEMENT, lead, 0, 4, 6, 9, 10, 20, 30)

    assert stages == ["prospect", "lead", "lead", "mql", "sql", "sql", "customer"]


def test_outside_the_ideal_profile_one_is_no_prospect() -> None:
    stage = at_end_of(AGREEMENT, outside(), 0).stage

    assert stage == "contact"


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({"role": "Directrice commerciale", "team_size": 12, "sector": "logiciel"}, 30),
        ({"role": "assistant", "team_size": 3, "sector": "autre"}, 0),
        ({"role": "Étudiante", "team_size": 1, "sector": "association"}, -50),
        ({"role": "Responsable", "team_size": 1, "sector": "association"}, -15),
    ],
)
def test_answers_on_the_trial_request_raise_or_lower_the_score(
    answers: dict[str, Any], points: int
) -> None:
    lead = a_lead(on(0, "trial_requested", **answers))

    profile = at_end_of(AGREEMENT, lead, 0).levels.of("profile")

    assert profile == points


def test_several_articles_count_and_one_does_not() -> None:
    def reads(number: int) -> Lead:
        return a_lead(*(on(0, "page", n, path=f"/blog/{n}") for n in range(number)))

    interest = [at_end_of(AGREEMENT, reads(n), 0).levels.of("interest") for n in (1, 2, 3, 5, 6)]

    assert interest == [0, 5, 12, 12, 18]


def test_a_positive_answer_to_outbound_makes_an_mql_and_a_stop_ends_it() -> None:
    stages = {
        sentiment: at_end_of(AGREEMENT, replies(sentiment), 0).stage
        for sentiment in ("positive", "negative", "stop")
    }

    assert stages == {"positive": "mql", "negative": "lead", "stop": "disqualified"}


def test_a_missing_criterion_hands_over_to_nurturing_instead_of_the_account_executive() -> None:
    unsure = salome(missing=("budget",))
    returned = salome(on(10, "returned", 60, reason="no_budget"), missing=("budget",))

    stages = [at_end_of(AGREEMENT, lead, 10).stage for lead in (unsure, returned)]

    assert stages == ["mql", "nurturing"]


def test_a_lost_sale_starts_a_new_conversation_after_six_months_and_new_points() -> None:
    lost = [*WON[:2], on(30, "deal_lost", reason="budget")]
    prices = [on(209, "page", 10 * n, path="/tarifs") for n in range(2)]
    trial = on(209, "outbound_replied", sentiment="neutral")

    stages = stages_by_day(AGREEMENT, salome(*lost, *prices, trial), 30, 209, 210)

    assert stages == ["nurturing", "nurturing", "mql"]


def test_a_prospect_that_grows_cold_is_no_mql_any_longer() -> None:
    uncalled = [e for e in salome().events if e.name not in ("call_made", "bant_assessed")]

    stages = stages_by_day(AGREEMENT, replace(salome(), events=uncalled), 9, 40, 100)

    assert stages == ["mql", "mql", "lead"]
