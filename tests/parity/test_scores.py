"""One meaning: the interpreter, the relation for one and the relation for all agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.core.scorer import Score, record_of, score_lead
from passerelle.core.standing import instants, standing_at
from passerelle.relations.duck import connect, replay_all, score_all
from tests.parity.tables import fill, naive
from tests.parity.worlds import agreements, histories, moments

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return connect(threads=1)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Agreement, list[Lead], Any, Any]:
    agreement = draw(agreements())
    leads = draw(histories(agreement.zone))
    as_of = draw(moments(agreement.zone))
    known_at = draw(st.none() | moments(agreement.zone))
    return agreement, leads, as_of, known_at


# An example takes most of a second: a failure is shown as found, not made smaller for minutes.
@settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(world=worlds())
def test_bulk_scores_equal_the_interpreter(
    connection: duckdb.DuckDBPyConnection, world: tuple[Agreement, list[Lead], Any, Any]
) -> None:
    agreement, leads, as_of, known_at = world
    fill(connection, agreement, leads)

    found = rows(score_all(connection, agreement, as_of=as_of, known_at=known_at))

    assert set(found) == {lead.key for lead in leads}
    for lead in leads:
        expected = score_lead(agreement, lead, as_of=as_of, known_at=known_at)
        assert_same(agreement, found[lead.key], expected)


def rows(relation: duckdb.DuckDBPyRelation) -> dict[str, dict[str, Any]]:
    return {row["lead"]: row for row in relation.to_arrow_table().to_pylist()}


def assert_same(agreement: Agreement, row: dict[str, Any], score: Score) -> None:
    for level in (*agreement.dimensions, "total"):
        assert row[f"level__{level}"] == pytest.approx(
            float(score.levels.of(level)), abs=TOLERANCE
        ), level
    for worth in score.levels.worths:
        assert row[f"held__{worth.rule}"] == pytest.approx(float(worth.points), abs=TOLERANCE), (
            worth.rule
        )
    standing = score.standing
    assert row["grade"] == score.levels.grade
    if agreement.qualification is not None:
        assert row["bant_points"] == float(standing.bant.points)
    assert (row["stage"], row["fast_track"], row["disqualified"], row["recycled"]) == (
        standing.stage,
        standing.fast_track,
        standing.disqualified,
        standing.recycled,
    )


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(world=worlds())
def test_replay_equals_the_interpreter_at_each_change_and_misses_none(
    connection: duckdb.DuckDBPyConnection, world: tuple[Agreement, list[Lead], Any, Any]
) -> None:
    agreement, leads, until, _ = world
    since = until - timedelta(days=9)
    fill(connection, agreement, leads)

    changes = replay_all(connection, agreement, since=since, until=until)
    found = changes.order("lead, as_of").to_arrow_table().to_pylist()

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
            assert row["stage"] == standing_at(record, as_of=at).stage, at
