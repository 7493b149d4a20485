"""The greedy cool-down: an event counts when the last that counted is far enough back."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import ibis
import pytest

from passerelle.relations.cool_down import cooled
from passerelle.relations.sql import prelude, sql

START = datetime(2024, 5, 1, 12)  # noqa: DTZ001  # columns are UTC without a zone
TICK = timedelta(microseconds=1)
GAP = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        pytest.param(
            [GAP - TICK, 2 * GAP - 2 * TICK], [0, 2], id="a tick too early, then late enough"
        ),
        pytest.param([GAP, 2 * GAP, 3 * GAP], [0, 1, 2, 3], id="exactly the gap"),
        pytest.param([GAP / 2, GAP, 3 * GAP / 2], [0, 2], id="the last that counted, not the last"),
        pytest.param([timedelta(), timedelta()], [0], id="three at one instant"),
        pytest.param([GAP + timedelta(seconds=0.6) - GAP], [0], id="fractions of a second"),
    ],
)
def test_events_count_by_the_last_that_counted(steps: list[timedelta], kept: list[int]) -> None:
    begin = START + timedelta(seconds=0.7)
    times = [begin, *(begin + step for step in steps)]
    table = ibis.table({"lead": "string", "occurred_at": "timestamp(6)", "day": "int64"}, name="t")
    query = sql(cooled(table, GAP))

    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (lead VARCHAR, occurred_at TIMESTAMP, day BIGINT)")
        for at in reversed(times):
            engine.execute("INSERT INTO t VALUES ('ann', ?, 1)", [at])
        engine.execute(prelude(query))
        found = engine.execute(f"SELECT occurred_at FROM ({query}) ORDER BY 1").fetchall()

    assert found == [(times[place],) for place in kept]
