"""BANT on 100 points (2023): from 50 to 80 an MQL, above 80 an SQL."""

from __future__ import annotations

from decimal import Decimal

import pytest

from passerelle.core.history import Lead
from passerelle.core.scorer import score_lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, day, gallery, on, says, stages_by_day

AGREEMENT = gallery("bant100")


def ines() -> Lead:
    """Initial interest, then a clear one; then sales meets her."""
    return a_lead(
        on(0, "page", path="/blog/choisir-son-erp"),
        on(0, "form_submitted", 5, asset="guide-erp"),
        *says(0.01, email="ines@lumen.example"),
        *says(1, decision_role="décideur", budget=20_000),
        on(1, "download", asset="comparatif-erp"),
        on(1, "email_clicked"),
        on(20, "page", path="/solutions/stocks"),
        on(20, "page", 1, path="/temoignages/atelier-nord"),
        on(20, "page", 2, path="/tarifs"),
        on(20, "page", 3, path="/tarifs"),
        *says(20, timing="trimestre"),
        on(20, "demo_requested", 10),
        on(21, "accepted"),
        on(21, "contacted", 30),
        *bant(21),
        on(24, "meeting_booked"),
        *says(24, need="Suivre les stocks de trois ateliers", product_match="true"),
        key="ines",
    )


def graded(budget: float, role: str, need: str | None, timing: str, *, match: bool) -> Lead:
    """A lead known by its profile alone."""
    known = {"need": need} if need else {}
    return a_lead(
        on(0, "trial_requested"),
        email="a@b.example",
        budget=budget,
        decision_role=role,
        timing=timing,
        product_match=match,
        **known,
    )


def synthetic() -> Lead:
    return a_lead(
        on(0, "bant_assessed", criterion="budget", met=False),
        job_title="Étudiante en commerce",
        product_match=False,
        key="zoe",
    )


def director() -> Lead:
    return a_lead(
        on(0, "quote_requested", deadline="septembre"),
        email="jean@nord.example",
        job_title="Directeur industriel",
        key="jean",
    )


def competitor() -> Lead:
    return a_lead(on(0, "demo_requested"), email="veille@concurrent.example", key="veille")


def refused() -> Lead:
    """She met sales, and there was no budget after all."""
    kept = [e for e in ines().events if e.name not in ("bant_assessed", "meeting_booked")]
    gap = on(21, "bant_assessed", 40, criterion="budget", met=False)
    return a_lead(*kept, gap, on(21, "returned", 60, reason="no_budget"), key="refused")


LEADS = (ines(), synthetic(), director(), competitor(), refused())


def test_interest_makes_a_lead_fit_an_mql_a_clear_need_an_sql_and_a_meeting_more() -> None:
    lead = ines()

    stages = stages_by_day(AGREEMENT, lead, 0, 1, 20, 24)

    assert stages == ["lead", "mql", "sql", "meeting"]


@pytest.mark.parametrize(
    ("lead", "total", "stage"),
    [
        (graded(20_000, "utilisateur", None, "année", match=False), 30, "lead"),
        (graded(0, "décideur", None, "année", match=True), 55, "mql"),
        (graded(5_000, "prescripteur", None, "année", match=True), 55, "mql"),
        (graded(20_000, "décideur", None, "semestre", match=True), 80, "mql"),
        (graded(40_000, "décideur", None, "semestre", match=True), 85, "sql"),
        (graded(40_000, "décideur", "un ERP", "immédiat", match=True), 100, "sql"),
    ],
)
def test_from_50_to_80_is_an_mql_and_above_80_an_sql(lead: Lead, total: int, stage: str) -> None:
    score = at_end_of(AGREEMENT, lead, 0)

    assert (score.total, score.stage) == (Decimal(total), stage)


def test_exactly_50_is_an_mql_and_exactly_80_not_yet_an_sql() -> None:
    fifty = a_lead(email="a@b.example", budget=40_000, decision_role="décideur")
    eighty = graded(20_000, "décideur", None, "semestre", match=True)

    scores = [at_end_of(AGREEMENT, lead, 0) for lead in (fifty, eighty)]

    assert [(s.total, s.stage) for s in scores] == [(Decimal(50), "mql"), (Decimal(80), "mql")]


def test_interest_without_a_precise_need_never_passes_twelve_of_need() -> None:
    pages = [on(n, "page", path=f"/blog/{n}") for n in range(30)]
    guides = [on(n, "download", asset=f"guide-{n}") for n in range(10)]

    score = at_end_of(AGREEMENT, a_lead(*pages, *guides, email="a@b.example"), 30)

    assert score.levels.of("need") == 12
    assert score.stage == "lead"


def test_a_budget_that_is_missing_sends_the_sql_back_to_nurturing() -> None:
    lead = refused()

    before = score_lead(AGREEMENT, lead, as_of=day(21, 35))
    gap = score_lead(AGREEMENT, lead, as_of=day(21, 45))
    after = at_end_of(AGREEMENT, lead, 21)

    assert (before.stage, gap.stage, after.stage) == ("sql", "mql", "nurturing")
    assert gap.levels.of("budget") == 0
    assert after.standing.recycled == "no_budget"


def test_a_quote_with_a_date_goes_straight_to_sales() -> None:
    score = at_end_of(AGREEMENT, director(), 0)

    assert score.total < 80
    assert (score.stage, score.standing.clock) == ("sql", "hot")
