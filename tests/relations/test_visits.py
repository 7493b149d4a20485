"""Visits in columns: where each begins, who comes back, which lasts, and what was seen of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

import duckdb
import pytest

from passerelle.core.history import Event, Lead
from passerelle.core.rules import CountingRule, DistinctRule
from passerelle.relations.evidence import sightings
from passerelle.relations.grants import grants
from passerelle.relations.moments import moment_at
from passerelle.relations.tables import input_tables
from tests.core.builders import MICROSECOND as TICK
from tests.core.builders import a_lead, a_rule, an_agreement, an_event
from tests.parity.tables import fill, naive
from tests.relations.desk import rows_of

START = datetime(2024, 5, 27, 8, tzinfo=UTC)
LATER = START + timedelta(days=60)
GAP = timedelta(minutes=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("asked", "steps", "occurs"),
    [
        pytest.param({}, [GAP - TICK, GAP - TICK], [0], id="less than the gap"),
        pytest.param({}, [GAP, GAP - TICK, GAP + TICK], [0, 1, 3], id="the gap and more"),
        pytest.param({}, [timedelta(), GAP, timedelta()], [0, 2], id="several at one instant"),
        pytest.param({"after": "2h"}, [2 * HOUR - TICK, 2 * HOUR], [2], id="back after a while"),
        pytest.param({"within": "1d"}, [DAY, DAY - TICK, GAP], [2, 3], id="back before long"),
        pytest.param(
            {"after": "2h", "within": "1d"},
            [HOUR, 2 * HOUR, DAY - TICK, DAY],
            [2, 3],
            id="back after a while and before long",
        ),
        pytest.param(
            {"after": "2h"},
            [GAP - TICK, 2 * HOUR - GAP],
            [],
            id="away since the visit's last event, not its first",
        ),
        pytest.param(
            {"lasts": "40m"},
            [GAP / 2, GAP - TICK, GAP / 2, GAP / 2],
            [2],
            id="long enough, told once",
        ),
        pytest.param(
            {"lasts": "30m"},
            [GAP / 2, GAP / 2 - TICK, TICK, timedelta(), GAP, GAP / 2, GAP / 2],
            [3, 7],
            id="long to the tick, in each visit",
        ),
        pytest.param({"lasts": "1m"}, [GAP, 2 * GAP], [], id="visits of one event"),
    ],
)
def test_visits_occur_where_they_should(
    desk: duckdb.DuckDBPyConnection,
    asked: dict[str, str],
    steps: list[timedelta],
    occurs: list[int],
) -> None:
    times = [START]
    for step in steps:
        times.append(times[-1] + step)
    events = [an_event("page", at=at, id=str(n)) for n, at in enumerate(times)]
    noise = [an_event("email_opened", at=START + HOUR * n / 4, id=f"mail {n}") for n in range(20)]

    found = _occurrences(desk, {"visit": asked}, [*events, *noise])

    assert found == [naive(times[n]) for n in occurs]


@pytest.mark.parametrize(
    ("paths", "counts"), [(("/pricing", "/blog"), True), (("/blog", "/pricing"), False)]
)
def test_of_two_events_at_one_instant_the_smaller_id_begins_the_visit(
    desk: duckdb.DuckDBPyConnection, paths: tuple[str, str], *, counts: bool
) -> None:
    events = [an_event("page", at=START, id=f"{n}", path=path) for n, path in enumerate(paths)]

    found = _occurrences(desk, {"visit": {}, "where": {"path": "/pricing"}}, events[::-1])

    assert found == [naive(START)] * counts


@pytest.mark.parametrize(
    "asked",
    [
        {"of": "visit"},
        {"of": "visit", "events": ["page"], "where": {"path": "/b*"}},
        {"of": "day"},
        {"of": "path"},
        {"of": "event", "where": {"path": {"present": True}}},
    ],
    ids=str,
)
def test_past_a_day_as_many_different_things_are_seen_as_in_the_whole_log(
    desk: duckdb.DuckDBPyConnection, asked: dict[str, Any]
) -> None:
    dice = Random(11)
    agreement = an_agreement(a_rule(distinct={**asked, "at_least": 1}, points=1))
    fill(desk, agreement, [Lead(f"lead-{n}", {}, _a_log(dice, f"lead-{n}")) for n in range(6)])
    inputs, moment = input_tables(agreement), moment_at(agreement, as_of=LATER)
    rule = cast("DistinctRule", agreement.rules[0])
    whole = rows_of(
        desk, sightings(agreement, inputs, moment, rule), "lead", "day", "occurred_at", "different"
    )
    days = sorted({day for _, day, *_ in whole})

    for after in [days[0] - 1, *dice.sample(days, 3), days[-1]]:
        cut = sightings(agreement, inputs, moment, rule, after=after)
        numbers = cut.group_by("lead").aggregate(number=cut.different.nunique())

        found = dict(rows_of(desk, numbers, "lead", "number"))

        seen: dict[str, set[object]] = {}
        for lead, day, _, different in whole:
            if day > after:
                seen.setdefault(lead, set()).add(different)
        assert found == {lead: len(ones) for lead, ones in seen.items()}


def _occurrences(
    desk: duckdb.DuckDBPyConnection, rule: dict[str, Any], events: list[Event]
) -> list[datetime]:
    agreement = an_agreement(a_rule(**rule, points=1))
    fill(desk, agreement, [a_lead(*events)])
    moment = moment_at(agreement, as_of=LATER)
    rules = cast("tuple[CountingRule, ...]", agreement.rules)
    relation = grants(agreement, input_tables(agreement), moment, rules)
    assert relation is not None
    return [at for (at,) in rows_of(desk, relation, "occurred_at")]


def _a_log(dice: Random, key: str) -> list[Event]:
    at, events = START, []
    for number in range(40):
        at += dice.choice((timedelta(), TICK, GAP - TICK, GAP, HOUR, 9 * HOUR, DAY))
        path = dice.choice(("/a", "/b", "/blog", "", None))
        name = dice.choice(("page", "page", "download"))
        events.append(an_event(name, at=at, id=f"{key}-{number:02}", path=path))
    return events
