"""What is written in a ledger adds up, to the hundredth, whatever was rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.core.scorer import score_lead
from passerelle.report.ledgers import CENT, LedgerTable, ledger_tables, rounded_to_add_up
from passerelle.words import LANGUAGES, Language
from tests.report.office import NOW, SOME, a_lead, an_agreement, an_event

parts = st.lists(st.decimals(-1000, 1000, places=12), max_size=12)


@given(parts=parts)
def test_parts_rounded_to_hundredths_add_up_to_the_rounded_whole(parts: list[Decimal]) -> None:
    whole = sum(parts, Decimal(0)).quantize(CENT)

    rounded = rounded_to_add_up(parts, whole)

    assert sum(rounded, Decimal(0)) == whole
    assert all(abs(one - part) < CENT for one, part in zip(rounded, parts, strict=True))
    assert all(
        one == part for one, part in zip(rounded, parts, strict=True) if part == part.quantize(CENT)
    )


@given(
    days=st.lists(st.integers(0, 90), max_size=6),
    clicks=st.integers(0, 4),
    left=st.integers(0, 1),
    employees=st.none() | st.integers(1, 600),
)
def test_every_table_and_every_row_of_a_ledger_adds_up(
    days: list[int], clicks: int, left: int, employees: int | None
) -> None:
    events = [an_event("page", days=day, path="/pricing") for day in days]
    events += [an_event("email_clicked", days=1)] * clicks
    events += [an_event("email_unsubscribed")] * left
    agreement = an_agreement()
    lead = a_lead("ann", *events, employees=employees)

    tables = ledger_tables(agreement, score_lead(agreement, lead, as_of=NOW), "en")

    for table in tables:
        assert sum((row.points for row in table.rows), Decimal(0)) == table.level
        for row in table.rows:
            if row.granted is not None:
                took = (row.faded or Decimal(0)) + (row.lined or Decimal(0))
                assert row.granted + took == row.points


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ledger_names_its_reasons_and_what_limits_took(language: Language) -> None:
    agreement = an_agreement()
    score = score_lead(agreement, SOME[2], as_of=NOW)

    fit, engagement, total = ledger_tables(agreement, score, language)

    assert fit.rows == ()
    assert [row.points for row in engagement.rows] == [Decimal(6), Decimal(-2)]
    assert "email" in engagement.rows[1].label
    assert engagement.rows[0].evidence.startswith("2")
    assert [row.points for row in total.rows] == [Decimal("2.4")]


def test_an_override_has_a_row_of_its_own() -> None:
    override = {"key": "vip", "title": "Key account", "event": "page", "floor": {"total": 60}}
    agreement = an_agreement(overrides=[override])

    total = _total(ledger_tables(agreement, score_lead(agreement, SOME[1], as_of=NOW), "en"))

    assert [(row.label, row.points) for row in total.rows][-1] == (
        "Override “Key account”",
        Decimal(40),
    )


def _total(tables: list[LedgerTable]) -> LedgerTable:
    return tables[-1]
