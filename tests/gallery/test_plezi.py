"""Plezi: a short call and all of BANT make an SQL; the recommended skip the queue."""

from __future__ import annotations

import pytest

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, gallery, on, says, stages_by_day

AGREEMENT = gallery("plezi")


def hugo(*later: Event, missing: tuple[str, ...] = ()) -> Lead:
    """He consumes, then interacts, then reads what one reads before buying; then sales calls."""
    return a_lead(
        on(0, "page", path="/blog/mql-sql"),
        on(0, "download", 10, asset="livre-blanc-inbound"),
        *says(0.02, email="hugo@atelier.example", job_title="Responsable marketing"),
        on(7, "webinar_registered"),
        on(12, "webinar_attended"),
        on(12, "webinar_question", 30),
        on(12, "email_replied", 50, form="en-savoir-plus"),
        *says(15.01, employees=60, industry="industrie", company="Atelier"),
        on(15, "page", path="/fonctionnalites/scoring"),
        on(15, "comment_posted", 2),
        on(15, "page", 4, path="/cas-clients/menuiserie-roux"),
        on(15, "download", 6, asset="cas-client-roux"),
        on(15, "page", 8, path="/tarifs"),
        *says(15.1, need="Trier les contacts avant de les passer aux commerciaux"),
        on(16, "accepted"),
        on(17, "call_made"),
        *bant(17, missing=missing),
        *later,
        source="inbound",
        key="hugo",
    )


def recommended() -> Lead:
    return a_lead(source="customer_referral", email="lise@client.example", key="lise")


def in_a_hurry() -> Lead:
    documents = [on(0, "download", 300 * n, asset=f"livre-blanc-{n}") for n in range(4)]
    return a_lead(*documents, on(1, "demo_requested"), key="paul")


def competitor() -> Lead:
    return a_lead(email="veille@concurrent.example", key="veille")


LEADS = (
    hugo(),
    hugo(on(18, "returned", reason="no_need")),
    recommended(),
    in_a_hurry(),
    competitor(),
)


def test_consuming_makes_a_lead_interacting_and_deciding_an_mql_and_bant_an_sql() -> None:
    lead = hugo()

    stages = stages_by_day(AGREEMENT, lead, 0, 12, 15, 16, 17)

    assert stages == ["lead", "lead", "mql", "mql", "sql"]


@pytest.mark.parametrize("criterion", ["budget", "authority", "need", "timing"])
def test_three_letters_of_bant_are_not_enough(criterion: str) -> None:
    lead = hugo(missing=(criterion,))

    standing = at_end_of(AGREEMENT, lead, 17).standing

    assert standing.bant.points == 75
    assert standing.stage == "mql"
    assert standing.bant.missing == ("bant",)


def test_the_call_puts_aside_what_is_not_ripe_and_it_comes_back_when_it_is() -> None:
    aside = on(17, "returned", 60, reason="not_ripe")
    chat = on(40, "webinar_question")

    stages = [
        at_end_of(AGREEMENT, hugo(aside, missing=("timing",)), 17).stage,
        at_end_of(AGREEMENT, hugo(aside, missing=("timing",)), 60).stage,
        at_end_of(AGREEMENT, hugo(aside, chat, missing=("timing",)), 46).stage,
        at_end_of(AGREEMENT, hugo(aside, chat, missing=("timing",)), 47).stage,
    ]

    assert stages == ["nurturing", "nurturing", "nurturing", "mql"]


def test_a_customers_recommendation_skips_lead_and_mql() -> None:
    standing = at_end_of(AGREEMENT, recommended(), 0).standing

    assert (standing.stage, standing.fast_track, standing.clock) == (
        "handoff",
        "recommended",
        "hot",
    )


def test_channels_weigh_what_they_convert() -> None:
    by_channel = {
        source: at_end_of(AGREEMENT, a_lead(source=source), 0).levels.of("target")
        for source in ("customer_referral", "employee_referral", "inbound", "email")
    }

    assert by_channel == {
        "customer_referral": 25,
        "employee_referral": 25,
        "inbound": 13,
        "email": 1,
    }


def test_interacting_is_worth_more_than_consuming() -> None:
    reads = [on(n, "page", path=f"/blog/{n}") for n in range(60)]
    asks = [on(0, "webinar_question"), on(1, "webinar_question"), on(2, "comment_posted")]

    consumed = at_end_of(AGREEMENT, a_lead(*reads), 60).levels.of("maturity")
    interacted = at_end_of(AGREEMENT, a_lead(*asks), 2).levels.of("maturity")

    assert consumed == 30
    assert interacted == 40


def test_many_documents_in_three_days_go_very_fast_and_in_a_week_do_not() -> None:
    fast = a_lead(*(on(0.9 * n, "download", asset=f"guide-{n}") for n in range(4)))
    slow = a_lead(*(on(2 * n, "download", asset=f"guide-{n}") for n in range(4)))

    maturity = [at_end_of(AGREEMENT, lead, 6).levels.of("maturity") for lead in (fast, slow)]

    assert maturity == [40, 20]


def test_who_drags_loses_points_every_forty_five_days() -> None:
    lead = hugo()

    scores = [at_end_of(AGREEMENT, lead, 15 + age).levels for age in (44, 45, 90)]

    dragged = [sum(w.points for w in s.worths if w.rule == "drags") for s in scores]
    assert dragged == [0, -15, -30]


def test_bant_lapses_after_six_months() -> None:
    lead = hugo(on(100, "demo_requested"))

    stages = stages_by_day(AGREEMENT, lead, 17 + 179, 17 + 180)

    assert stages[0] == "sql"
    assert stages[1] != "sql"
