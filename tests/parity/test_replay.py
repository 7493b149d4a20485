"""Replay tells every change, the same by stretches, by pairs, by chunks and by the interpreter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.history import FIELD_CHANGED, Event, Lead
from passerelle.core.scorer import record_of
from passerelle.core.standing import instants, standing_at
from passerelle.relations.duck import connect, leads_of, replay_all, run
from passerelle.relations.moments import moment_at
from passerelle.relations.replay import leads_apart, replay_by_pairs, replay_by_stretches
from passerelle.relations.replay_chunks import replay_into
from passerelle.relations.tables import input_tables
from tests.parity.tables import fill, naive
from tests.parity.worlds import agreements, histories, moments

TOLERANCE = 1e-9
REWRITTEN = (FIELD_CHANGED, "returned", "deal_lost")
UNTIL = datetime(2024, 11, 3, 12, tzinfo=UTC)

Row = dict[str, Any]
World = tuple[Agreement, list[Lead], datetime, datetime | None]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return connect(threads=1)


@st.composite
def worlds(draw: st.DrawFn, *, overriding: bool = True) -> World:
    agreement = draw(agreements(overriding=overriding))
    leads = draw(histories(agreement.zone))
    return (
        agreement,
        leads,
        draw(moments(agreement.zone)),
        draw(st.none() | moments(agreement.zone)),
    )


# An example takes most of a second: a failure is shown as found, not made smaller for minutes.
slow = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=list(HealthCheck)
)


@settings(slow, max_examples=12)
@given(world=worlds())
def test_replay_equals_the_interpreter_at_each_change_and_misses_none(
    connection: duckdb.DuckDBPyConnection, world: World
) -> None:
    agreement, leads, until, _ = world
    since = until - timedelta(days=9)
    fill(connection, agreement, leads)

    found = rows(replay_all(connection, agreement, since=since, until=until))

    for lead in leads:
        mine = [row for row in found if row["lead"] == lead.key]
        assert mine[0]["as_of"] == naive(since)
        record = record_of(agreement, lead)
        looks = [i for i in instants(record, until=until) if i >= since]
        for at in sorted({since, *looks}):
            row = [row for row in mine if row["as_of"] <= naive(at)][-1]
            levels = record.levels(at)
            for level in (*agreement.dimensions, "total"):
                assert row[f"level__{level}"] == pytest.approx(
                    float(levels.of(level)), abs=len(looks) * TOLERANCE
                )
            standing = standing_at(record, as_of=at)
            assert (row["grade"], row["stage"]) == (levels.grade, standing.stage), at
            assert (row["fast_track"], row["disqualified"], row["recycled"]) == (
                standing.fast_track,
                standing.disqualified,
                standing.recycled,
            ), at


@settings(slow, max_examples=15)
@given(world=worlds(overriding=False), days=st.integers(0, 400))
def test_stretches_tell_what_pairs_tell(
    connection: duckdb.DuckDBPyConnection, world: World, days: int
) -> None:
    agreement, leads, until, known_at = world
    since = until - timedelta(days=days)
    fill(connection, agreement, [without_rewriting(lead) for lead in leads])
    inputs = input_tables(agreement)
    moment = moment_at(agreement, as_of=until, known_at=known_at)

    by_pairs = rows(run(connection, replay_by_pairs(agreement, inputs, moment, since=since)))
    by_stretches = run(connection, replay_by_stretches(agreement, inputs, moment, since=since))

    assert_same_story(rows(by_stretches), by_pairs, looks=days + 20)


@settings(slow, max_examples=5)
@given(world=worlds())
def test_chunks_tell_what_one_relation_tells(
    connection: duckdb.DuckDBPyConnection, world: World
) -> None:
    agreement, leads, until, known_at = world
    since = until - timedelta(days=40)
    fill(connection, agreement, leads)
    told: list[tuple[int, int]] = []

    replay_into(
        connection,
        agreement,
        since=since,
        until=until,
        known_at=known_at,
        into="told",
        on_progress=lambda done, of: told.append((done, of)),
        events_a_chunk=5,
    )

    whole = replay_all(connection, agreement, since=since, until=until, known_at=known_at)
    assert connection.table("told").columns == whole.columns
    assert_same_story(rows(connection.table("told")), rows(whole), looks=60)
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


def test_replay_of_a_short_half_life_over_many_years_loses_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    agreement = an_agreement({"half_life": "1d"})
    old, new = UNTIL - timedelta(days=3000), UNTIL - timedelta(days=1)
    fill(connection, agreement, [a_lead("old", old, new), a_lead("new", new)])

    found = rows(replay_all(connection, agreement, since=old, until=UNTIL))

    moment = moment_at(agreement, as_of=UNTIL)
    apart = leads_apart(agreement, input_tables(agreement), moment, since=old)
    assert {lead for (lead,) in run(connection, apart).fetchall()} == {"old", "new"}
    last = {row["lead"]: row["level__interest"] for row in found}
    assert last == pytest.approx({"old": 4.0, "new": 4.0}, abs=TOLERANCE)
    highest = max(row["level__interest"] for row in found if row["as_of"] < naive(new))
    assert highest == pytest.approx(8.0)


def test_leads_that_were_given_back_or_rewritten_are_looked_at_instant_by_instant(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    agreement = an_agreement({"half_life": "30d"})
    at = UNTIL - timedelta(days=9)
    plain = a_lead("plain", at)
    returned = replace(a_lead("returned", at), events=[Event("returned", at, id="r")])
    renamed = Event(FIELD_CHANGED, at, id="f", properties={"field": "job_title", "value": "CEO"})
    fill(connection, agreement, [plain, returned, replace(a_lead("f", at), events=[renamed])])

    moment = moment_at(agreement, as_of=UNTIL)
    apart = leads_apart(agreement, input_tables(agreement), moment, since=at)

    assert {lead for (lead,) in run(connection, apart).fetchall()} == {"returned", "f"}


def test_memory_of_a_stage_begins_with_the_first_event_of_a_lead(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    agreement = an_agreement({}, points=-10, falls_below=5)
    at = UNTIL - timedelta(days=2)
    lead = a_lead("ceo", at, job_title="CEO")
    fill(connection, agreement, [lead])

    found = rows(replay_all(connection, agreement, since=at - timedelta(days=3), until=UNTIL))

    [again] = leads_of(connection, agreement, ["ceo"])
    assert [(row["as_of"], row["stage"]) for row in found] == [
        (naive(at - timedelta(days=3)), "mql"),
        (naive(at), standing_at(record_of(agreement, again), as_of=at).stage),
    ]


def an_agreement(fading: Row, *, points: int = 8, falls_below: int | None = None) -> Agreement:
    mql: Row = {"when": {"interest": ">=15"}}
    if falls_below is not None:
        mql["falls_below"] = {"interest": falls_below}
    return Agreement.model_validate(
        {
            "passerelle": 1,
            "key": "small",
            "timezone": "Europe/Paris",
            "fields": {"job_title": "text"},
            "dimensions": {"interest": {"range": [0, 100], "weight": 1}},
            "rules": [
                {"key": "role", "dimension": "interest", "field": "job_title", "one_of": ["ceo"]}
                | {"points": 20},
                {"key": "page", "dimension": "interest", "event": "page", "points": points}
                | fading,
            ],
            "total": {"weighted": ["interest"]},
            "stages": {"mql": mql},
        }
    )


def a_lead(key: str, *visited_at: datetime, job_title: str | None = None) -> Lead:
    events = [Event("page", at, id=f"{key}-{n}") for n, at in enumerate(visited_at)]
    return Lead(key, {"job_title": job_title}, events)


def without_rewriting(lead: Lead) -> Lead:
    return replace(lead, events=[e for e in lead.events if e.name not in REWRITTEN])


def rows(relation: duckdb.DuckDBPyRelation) -> list[Row]:
    found: list[Row] = relation.order("lead, as_of").to_arrow_table().to_pylist()
    return found


def assert_same_story(found: Iterable[Row], expected: Iterable[Row], *, looks: int) -> None:
    """Both say the same at any instant at which one of them says anything."""
    stories = [_by_lead(found), _by_lead(expected)]
    assert stories[0].keys() == stories[1].keys()
    for lead, one in stories[0].items():
        other = stories[1][lead]
        for at in sorted({row["as_of"] for row in (*one, *other)}):
            now, then = ([row for row in story if row["as_of"] <= at][-1] for story in (one, other))
            for name, value in now.items():
                if name.startswith("level__"):
                    assert value == pytest.approx(then[name], abs=looks * TOLERANCE), (at, name)
                elif name != "as_of":
                    assert value == then[name], (at, name)


def _by_lead(story: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in story:
        found.setdefault(row["lead"], []).append(row)
    return found
