"""One meaning: the interpreter, the relation for one and the relation for all agree."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.core.scorer import Score, score_lead
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import connect, score_all
from tests.parity.tables import fill
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
@given(world=worlds(), in_chunks=st.booleans())
def test_bulk_scores_equal_the_interpreter(
    connection: duckdb.DuckDBPyConnection,
    world: tuple[Agreement, list[Lead], Any, Any],
    *,
    in_chunks: bool,
) -> None:
    agreement, leads, as_of, known_at = world
    fill(connection, agreement, leads)

    if in_chunks:
        score_into(connection, agreement, as_of=as_of, known_at=known_at, events_a_chunk=5)
        found = rows(connection.table("scored"))
    else:
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
        granted = sum(float(one.granted) for one in worth.contributions)
        left = sum(float(one.left) for one in worth.contributions)
        expected = {"granted": granted, "left": left, "held": float(worth.points)}
        found = {what: row[f"{what}__{worth.rule}"] for what in expected}
        assert found == pytest.approx(expected, abs=TOLERANCE), worth.rule
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
