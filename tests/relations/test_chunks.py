"""Chunks of leads hold whatever keys, names and tables there are, and change no score."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.scorer import score_lead
from passerelle.relations.chunks import lead_ranges, score_into
from tests.core.builders import NOW, a_lead, a_rule, ago, an_agreement, an_event
from tests.parity.tables import fill
from tests.parity.test_scores import assert_same, rows

KEYS = (
    *("", " ", "  lead", "lead", "Lead", "LEAD", "\n", "NULL", "0", "~", "\x00", "\x01", "\x7f"),
    *("'", "''", '"', '"; DROP TABLE leads; --', "\\", "%_", "é", "e\u0301", "日本語", "🦄"),
    *("\U0010ffff", "\U0010ffff\U0010ffff", "a" * 5_000, "a" * 4_999 + "b"),
)
NAMES = ("page", "odd'name", "ÉVÉNEMENT", "", "deal_won", "page ", "form_submitted")
"""Of which the agreement knows three."""


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return an_agreement(
        a_rule(key="pages", event="page", points=10, limit={"times": 2, "per": "day"}),
        a_rule(key="ghosts", event=["never_happened", "page"], points=3, half_life="7d"),
        a_rule(key="nobody", event="nobody_ever", points=3),
        a_rule(key="any", event="*", points=0.5, window="30d"),
        a_rule(key="visits", visit={}, points=1),
        a_rule(key="silent", inactive={"for": "1d"}, points=-1),
        stages={
            "mql": {"when": {"total": ">=10"}},
            "won": {"when": {"event": "deal_won"}},
        },
    )


@pytest.mark.parametrize(
    ("events_a_chunk", "known_at"),
    [
        pytest.param(4, None, id="many chunks"),
        pytest.param(4, ago(0.5), id="many chunks, as it was known"),
        pytest.param(1_000, None, id="one chunk"),
    ],
)
def test_any_key_and_any_event_is_scored_as_the_interpreter_does(
    desk: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    events_a_chunk: int,
    known_at: datetime | None,
) -> None:
    leads = [a_lead(*_some_events(n), key=key) for n, key in enumerate(KEYS)]
    fill(desk, agreement, leads)

    found = _scored(desk, agreement, events_a_chunk, known_at=known_at)

    assert len(list(lead_ranges(desk.cursor(), events_a_chunk))) > 10 or events_a_chunk > 100
    _assert_scored(agreement, leads, found, known_at=known_at)
    assert len({row["level__total"] for row in found.values()}) > 4


def test_events_of_nobody_are_nobody_s_and_break_nothing(
    desk: duckdb.DuckDBPyConnection, agreement: Agreement
) -> None:
    leads = [a_lead(*_some_events(n), key=f"lead-{n}") for n in range(8)]
    fill(desk, agreement, leads)
    for stranger in ("", "lead-3 ", "zz", "LEAD-3"):
        desk.execute(
            "INSERT INTO events SELECT * REPLACE (? AS lead) FROM events WHERE lead LIKE 'lead-_'",
            [stranger],
        )

    found = _scored(desk, agreement, 4)

    _assert_scored(agreement, leads, found)


@pytest.mark.parametrize("keys", [(), ("one",)], ids=len)
def test_without_any_event_every_lead_is_scored(
    desk: duckdb.DuckDBPyConnection, agreement: Agreement, keys: tuple[str, ...]
) -> None:
    leads = [a_lead(key=key) for key in keys]
    fill(desk, agreement, leads)

    found = _scored(desk, agreement, 4)

    _assert_scored(agreement, leads, found)


def test_nothing_is_left_behind_and_the_next_run_starts_anew(
    desk: duckdb.DuckDBPyConnection, agreement: Agreement
) -> None:
    for size in (6, 2):
        leads = [a_lead(*_some_events(n), key=f"lead-{n}") for n in range(size)]
        fill(desk, agreement, leads)

        found = _scored(desk, agreement, 4)

        _assert_scored(agreement, leads, found)
        tables = desk.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
        assert tables == []


def _some_events(lead: int) -> list[Event]:
    return [
        an_event(
            NAMES[(lead + place) % len(NAMES)],
            at=ago(place / 3 + 0.1),
            id=f"{lead}-{place}",
            received_at=ago(place / 5) if place % 2 else None,
        )
        for place in range(lead % 6)
    ]


def _scored(
    desk: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    events_a_chunk: int,
    *,
    known_at: datetime | None = None,
) -> dict[str, dict[str, Any]]:
    score_into(desk, agreement, as_of=NOW, known_at=known_at, events_a_chunk=events_a_chunk)
    scored = desk.table("scored")
    found = rows(scored)
    assert len(found) == len(scored)
    return found


def _assert_scored(
    agreement: Agreement,
    leads: list[Lead],
    found: dict[str, dict[str, Any]],
    *,
    known_at: datetime | None = None,
) -> None:
    assert set(found) == {lead.key for lead in leads}
    for lead in leads:
        expected = score_lead(agreement, lead, as_of=NOW, known_at=known_at)
        assert_same(agreement, found[lead.key], expected)
