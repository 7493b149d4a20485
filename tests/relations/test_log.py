"""The log as relations see it: what content makes of each event, marked once or as it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Missing, Patterns, Test, text_of
from passerelle.core.history import seen_events
from passerelle.core.parts import ANY
from passerelle.relations.calendar import day_number
from passerelle.relations.log import chosen, log, told
from passerelle.relations.marking import marked, marked_whole, special
from passerelle.relations.moments import moment_at
from passerelle.relations.tables import Inputs, input_tables
from tests.core.builders import a_change, a_lead, a_rule, an_agreement, an_event
from tests.parity.tables import fill
from tests.relations.desk import rows_of

START = datetime(2024, 3, 30, 22, 30, tzinfo=UTC)
"""Before midnight in Paris, in the night in which clocks change."""
LATER = START + timedelta(days=60)
OWN: dict[str, Any] = {"kind": "own", "phase": "awareness"}
SAID: list[tuple[dict[str, Any], int]] = [
    ({"path": "/pricing"}, 1),
    ({"path": "/pricing/x", **OWN}, 6),
    ({"path": "/blog/a"}, 2),
    ({"path": "/blog/a", **OWN}, 7),
    ({"path": "/blog/a", "phase": "decision"}, 7),
    ({"path": "/legal/terms"}, 3),
    ({"path": "/legal/terms", **OWN}, 8),
    ({"path": "/legal/pricing", "kind": "Pricing"}, 8),
    ({"asset": "ebook-1"}, 4),
    ({"asset": "ebook-1", "path": "/pricing"}, 1),
    ({"asset": "ebook-1", "kind": "ebook"}, 9),
    ({"path": "/else"}, 0),
    ({}, 0),
    (OWN, 5),
    ({"phase": "decision"}, 5),
]
"""What events say, with the number of their content."""
TESTS: tuple[Test, ...] = (
    Patterns(("pricing",)),
    Patterns(("OWN", "article")),
    Patterns(("decision",)),
    Patterns(("awareness", "e*")),
    Patterns(("*",)),
    Missing(),
    Missing(missing=False),
)


def an_example() -> Agreement:
    return an_agreement(
        a_rule(event="page", points=1, where={"kind": "pricing", "phase": "decision"}),
        content=[
            {"path": "/pricing*", "kind": "pricing", "phase": "decision"},
            {"path": "/blog/*", "kind": "article"},
            {"path": "/legal/*"},
            {"asset": "ebook-*", "phase": "awareness"},
        ],
    )


EVENTS = [
    an_event("page", at=START + timedelta(minutes=40 * n), id=f"{n:02}", **properties)
    for n, (properties, _) in enumerate(SAID)
]


@pytest.fixture(params=["as it is read", "marked once"])
def inputs(request: pytest.FixtureRequest, desk: duckdb.DuckDBPyConnection) -> Inputs:
    agreement = an_example()
    fill(desk, agreement, [a_lead(*EVENTS)])
    raw = input_tables(agreement)
    if request.param == "as it is read":
        return raw
    moment = moment_at(agreement, as_of=LATER)
    return Inputs(raw.leads, marked(agreement, raw, moment), special(agreement, raw, moment))


def test_each_event_has_its_local_day_and_the_number_of_its_content(
    desk: duckdb.DuckDBPyConnection, inputs: Inputs
) -> None:
    agreement = an_example()
    moment = moment_at(agreement, as_of=LATER)

    rows = log(agreement, inputs.events, moment, (ANY,), ("kind", "phase"))

    found = rows_of(desk, rows, "occurred_at", "day", "content")
    seen = seen_events(agreement, EVENTS)
    assert [(day, content) for _, day, content in found] == [
        (day_number(one.day), number) for one, (_, number) in zip(seen, SAID, strict=True)
    ]
    assert len({day for _, day, _ in found}) == 2


def test_a_test_of_kind_or_phase_holds_where_it_does_to_the_interpreter(
    desk: duckdb.DuckDBPyConnection, inputs: Inputs
) -> None:
    agreement = an_example()
    moment = moment_at(agreement, as_of=LATER)
    asked = [(name, test) for name in ("kind", "phase") for test in TESTS]

    rows = log(agreement, inputs.events, moment, (ANY,), ("kind", "phase"))
    rows = rows.select(
        "occurred_at",
        **{
            f"holds_{n:02}": chosen(agreement, (ANY,), {name: test}, rows)
            for n, (name, test) in enumerate(asked)
        },
        **{f"told_{name}": told(agreement, name, rows) for name in ("kind", "phase")},
    )

    _, *columns = zip(*rows_of(desk, rows, *rows.columns), strict=True)
    seen = seen_events(agreement, EVENTS)
    for (name, test), column in zip(asked, columns, strict=False):
        expected = [test.holds(one.properties.get(name)) for one in seen]
        assert [bool(value) for value in column] == expected, (name, test)
    assert columns[-2:] == [
        tuple(text_of(one.properties.get(name)) for one in seen) for name in ("kind", "phase")
    ]


def test_what_special_events_say_is_kept_apart_or_in_the_whole(
    desk: duckdb.DuckDBPyConnection,
) -> None:
    agreement = an_example()
    fill(desk, agreement, [a_lead(*EVENTS, a_change("company", "Acme", at=START))])
    raw, moment = input_tables(agreement), moment_at(agreement, as_of=LATER)

    plain, rare, whole = (
        relation(agreement, raw, moment) for relation in (marked, special, marked_whole)
    )

    said = rows_of(desk, rare, "event", "field", "value")
    assert said == [("field_changed", "company", "Acme")]
    assert not {"field", "value"} & set(plain.columns)
    assert len(rows_of(desk, plain, "event")) == len(EVENTS) + 1
    changed = whole.filter(whole.event == "field_changed")
    assert rows_of(desk, changed, "event", "field", "value") == said


def test_later_and_unknown_events_are_not_there(desk: duckdb.DuckDBPyConnection) -> None:
    agreement, tick = an_example(), timedelta(microseconds=1)
    times = [
        (LATER, LATER),
        (LATER + tick, None),
        (START, LATER + tick),
        (START + tick, None),
        (LATER - tick, START),
    ]
    events = [
        an_event("page", at=at, id=str(n), received_at=received)
        for n, (at, received) in enumerate(times)
    ]
    fill(desk, agreement, [a_lead(*events)])
    inputs = input_tables(agreement)

    rows = {
        known_at: log(
            agreement,
            inputs.events,
            moment_at(agreement, as_of=LATER, known_at=known_at),
            (ANY,),
            ("id",),
        )
        for known_at in (None, LATER, START)
    }

    ids = {at: [one for (one,) in rows_of(desk, relation, "id")] for at, relation in rows.items()}
    assert ids == {None: ["0", "2", "3", "4"], LATER: ["0", "3", "4"], START: ["4"]}
