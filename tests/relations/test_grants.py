"""What counts, in columns: golden tables, and days that add up to their grants."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

import duckdb
import pytest

from passerelle.core import counting
from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead, seen_events
from passerelle.core.log import Log
from passerelle.core.rules import CountingRule
from passerelle.relations.grants import daily_grants, grants
from passerelle.relations.moments import moment_at
from passerelle.relations.tables import input_tables
from tests.core.builders import a_lead, a_rule, an_agreement, an_event
from tests.parity.tables import fill, naive
from tests.relations.desk import rows_of

MONDAY = datetime(2024, 5, 26, 22, tzinfo=UTC)
"""Midnight in Paris; the month ends with the Friday."""
LATER = MONDAY + timedelta(days=365)
ASSETS = ("a", "b", "a", "", None, "A", "b")


@pytest.mark.parametrize(
    ("parts", "hours", "granted"),
    [
        pytest.param({"first_only": "person"}, (1, 2, 50), {0: 4}, id="the first of the person"),
        pytest.param(
            {"first_only": "asset"}, range(7), {0: 4, 1: 4, 5: 4}, id="the first of each asset"
        ),
        pytest.param({"cool_down": "1d"}, (0, 23.99, 24, 47, 48), {0: 4, 2: 4, 4: 4}, id="a rest"),
        pytest.param(
            {"limit": {"times": 2, "per": "day"}},
            (22, 23, 23.99, 24, 25),
            {0: 4, 1: 4, 3: 4, 4: 4},
            id="two a day, until midnight",
        ),
        pytest.param(
            {"limit": {"times": 2, "per": "week"}},
            (0, 144, 167.99, 168),
            {0: 4, 1: 4, 3: 4},
            id="two a week, until Monday",
        ),
        pytest.param(
            {"limit": {"times": 1, "per": "month"}},
            (0, 119.99, 120, 121),
            {0: 4, 2: 4},
            id="one a month, until the first",
        ),
        pytest.param(
            {"limit": {"times": 2, "per": "ever"}}, (0, 1, 2, 5000), {0: 4, 1: 4}, id="two ever"
        ),
        pytest.param(
            {"limit": {"points": 10, "per": "day"}},
            (1, 2, 3, 4, 24),
            {0: 4, 1: 4, 2: 2, 4: 4},
            id="ten points a day, used up at three o'clock",
        ),
        pytest.param(
            {"limit": {"points": 10, "per": "week"}},
            (1, 30, 31, 32, 168),
            {0: 4, 1: 4, 2: 2, 4: 4},
            id="ten points a week, used up within Tuesday",
        ),
        pytest.param(
            {"limit": {"points": 8, "per": "month"}},
            (1, 100, 101, 121),
            {0: 4, 1: 4, 3: 4},
            id="eight points a month, to the point",
        ),
        pytest.param(
            {"limit": {"points": 3, "per": "ever"}}, (1, 2), {0: 3}, id="less than one gives"
        ),
        pytest.param(
            {"points": -4, "limit": {"points": 10, "per": "week"}},
            (1, 30, 31, 32),
            {0: -4, 1: -4, 2: -2},
            id="bad points",
        ),
        pytest.param(
            {"points": 0.1, "limit": {"points": 0.25, "per": "day"}},
            (1, 2, 3, 4),
            {0: 0.1, 1: 0.1, 2: 0.05},
            id="parts of a point",
        ),
        pytest.param(
            {"first_only": "asset", "cool_down": "90m", "limit": {"times": 1, "per": "day"}},
            (22, 23, 24, 25, 26, 27, 28),
            {0: 4, 5: 4},
            id="first, then rested, then limited",
        ),
        pytest.param(
            {"valid": {"from": "2024-05-28", "until": "2024-05-29"}},
            (23.99, 24, 71.99, 72),
            {1: 4, 2: 4},
            id="while it is valid",
        ),
    ],
)
def test_grants_are_settled_in_the_order_of_things(
    desk: duckdb.DuckDBPyConnection, parts: dict[str, Any], hours: Any, granted: dict[int, float]
) -> None:
    agreement = an_agreement(a_rule(event="page", **{"points": 4, **parts}))
    events = [
        an_event("page", at=MONDAY + timedelta(hours=hour), id=str(n), asset=ASSETS[n])
        for n, hour in enumerate(hours)
    ]
    lead = a_lead(*events)

    found = _grants(desk, agreement, [lead])

    assert found == [
        ("camille", "rule", naive(events[n].occurred_at), pytest.approx(points))
        for n, points in granted.items()
    ]
    assert [one[2:] for one in found] == [
        (naive(grant.seen.occurred_at), pytest.approx(float(grant.points)))
        for grant in _of(agreement, "rule", lead)
    ]


def test_the_first_kind_and_phase_are_those_of_the_content(desk: duckdb.DuckDBPyConnection) -> None:
    agreement = an_agreement(
        a_rule(key="kind", event="page", points=1, first_only="kind"),
        a_rule(key="phase", event="page", points=1, first_only="phase"),
        content=[
            {"path": "/pricing*", "kind": "pricing", "phase": "decision"},
            {"path": "/blog/*", "kind": "article"},
        ],
    )
    said: list[dict[str, Any]] = [
        {"path": "/pricing"},
        {"path": "/pricing/x", "kind": "own", "phase": "awareness"},
        {"path": "/blog/a", "kind": "own", "phase": "awareness"},
        {"path": "/x", "kind": "own"},
        {"path": "/y", "kind": "article", "phase": "decision"},
        {"path": "/z"},
    ]
    events = [
        an_event("page", at=MONDAY + timedelta(hours=n), id=str(n), **properties)
        for n, properties in enumerate(said)
    ]

    found = _grants(desk, agreement, [a_lead(*events)])

    hours = {
        key: [(at - naive(MONDAY)) // timedelta(hours=1) for _, rule, at, _ in found if rule == key]
        for key in ("kind", "phase")
    }
    assert hours == {"kind": [0, 2, 3], "phase": [0, 2]}


def test_days_add_up_to_their_grants(desk: duckdb.DuckDBPyConnection) -> None:
    agreement, dice = _all_sorts(), Random(7)
    leads = [Lead(f"lead-{n}", {}, _a_log(dice, f"lead-{n}")) for n in range(8)]
    fill(desk, agreement, leads)
    inputs, moment = input_tables(agreement), moment_at(agreement, as_of=LATER)
    rules = cast("tuple[CountingRule, ...]", agreement.rules)

    daily = daily_grants(agreement, inputs, moment, rules)
    each = grants(agreement, inputs, moment, rules)

    assert daily is not None
    assert each is not None
    by_day: dict[tuple[Any, ...], float] = defaultdict(float)
    for *key, points in rows_of(desk, daily, "lead", "rule", "day", "points"):
        by_day[tuple(key)] += points
    added: dict[tuple[Any, ...], float] = defaultdict(float)
    for lead, rule, day, _, points in rows_of(
        desk, each, "lead", "rule", "day", "occurred_at", "points"
    ):
        added[lead, rule, day] += points
    assert by_day == pytest.approx(added, abs=1e-9)
    assert {rule for _, rule, _ in by_day} == {rule.key for rule in rules}
    times: dict[tuple[str, str], int] = defaultdict(int)
    for key, rule, number in rows_of(desk, daily, "lead", "rule", "times"):
        times[key, rule] += number
    assert times == {
        (lead.key, rule.key): len(granted)
        for lead in leads
        for rule in rules
        if (granted := _of(agreement, rule.key, lead))
    }


def _all_sorts() -> Agreement:
    limits = [
        *({"times": 2, "per": per} for per in ("day", "week", "month", "ever")),
        *({"points": 5, "per": per} for per in ("day", "week", "month", "ever")),
    ]
    sorts: list[dict[str, Any]] = [
        *({"limit": limit} for limit in limits),
        {"points": -1.7, "limit": {"points": 4, "per": "week"}},
        {"points": 0.1, "limit": {"points": 0.3, "per": "day"}},
        {"first_only": "asset", "limit": {"points": 3, "per": "month"}},
        {"cool_down": "2h", "limit": {"times": 3, "per": "week"}},
        {"cool_down": "1d"},
        {"first_only": "asset"},
    ]
    return an_agreement(
        *(
            a_rule(**{"key": f"r{n}", "event": "page", "points": 2, **sort})
            for n, sort in enumerate(sorts)
        ),
        a_rule(key="visits", visit={}, points=2.5, limit={"points": 6, "per": "week"}),
    )


def _a_log(dice: Random, key: str) -> list[Event]:
    at, events = MONDAY, []
    for number in range(dice.randrange(5, 40)):
        at += timedelta(hours=dice.choice((0, 0.25, 1, 2, 7, 24, 24 * 6)))
        asset = dice.choice(("a", "b", "c", "", None))
        events.append(an_event("page", at=at, id=f"{key}-{number:02}", asset=asset))
    return events


def _grants(desk: duckdb.DuckDBPyConnection, agreement: Agreement, leads: list[Lead]) -> list[Any]:
    fill(desk, agreement, leads)
    rules = cast("tuple[CountingRule, ...]", agreement.rules)
    moment = moment_at(agreement, as_of=LATER)
    relation = grants(agreement, input_tables(agreement), moment, rules)
    assert relation is not None
    return rows_of(desk, relation, "lead", "rule", "occurred_at", "points")


def _of(agreement: Agreement, key: str, lead: Lead) -> list[counting.Grant]:
    rule = cast("CountingRule", agreement.rule(key))
    log = Log(agreement, lead.fields, seen_events(agreement, lead.events))
    return counting.grants(log, rule)
