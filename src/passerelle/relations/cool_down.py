"""The greedy cool-down in columns, by one small function that each engine defines its own way.

Whether an event counts depends on the last one that counted, event by event: no window function
says that. So the times of a lead are gathered into a sorted list and folded by
`passerelle_cool_down(times, gap)`, both in microseconds, which keeps the times that count.
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

DEFINITIONS = {
    "duckdb": """
CREATE OR REPLACE TEMP MACRO passerelle_cool_down(times, gap) AS
  list_reduce(
    list_transform(times, lambda t: [t]),
    lambda kept, t: CASE WHEN t[1] - kept[-1] >= gap THEN kept || t ELSE kept END
  );""",
    "clickhouse": """
CREATE OR REPLACE FUNCTION passerelle_cool_down AS (times, gap) ->
  arrayFold((kept, t) -> if(empty(kept) OR t - kept[-1] >= gap, arrayPushBack(kept, t), kept),
            times, CAST([], 'Array(Int64)'));""",
    "postgres": """
CREATE OR REPLACE FUNCTION passerelle_cool_down(times bigint[], gap bigint) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE kept bigint[] := '{}'; last bigint; t bigint;
BEGIN
  FOREACH t IN ARRAY times LOOP
    IF last IS NULL OR t - last >= gap THEN kept := kept || t; last := t; END IF;
  END LOOP;
  RETURN kept;
END $$;""",
    "spark": """
CREATE OR REPLACE TEMPORARY FUNCTION passerelle_cool_down(times ARRAY<BIGINT>, gap BIGINT)
RETURNS ARRAY<BIGINT>
RETURN aggregate(times, CAST(array() AS ARRAY<BIGINT>), (kept, t) ->
  CASE WHEN size(kept) = 0 OR t - element_at(kept, -1) >= gap
       THEN array_append(kept, t) ELSE kept END);""",
    "bigquery": """
CREATE TEMP FUNCTION passerelle_cool_down(times ARRAY<INT64>, gap INT64) RETURNS ARRAY<INT64>
LANGUAGE js AS r'''
  const kept = []; let last = null;
  for (const t of times) {
    if (last === null || BigInt(t) - last >= BigInt(gap)) { kept.push(t); last = BigInt(t); }
  }
  return kept;
''';""",
    "snowflake": """
CREATE OR REPLACE TEMPORARY FUNCTION passerelle_cool_down(times ARRAY, gap DOUBLE) RETURNS ARRAY
LANGUAGE JAVASCRIPT AS $$
  const kept = []; let last = null;
  for (const t of TIMES) {
    if (last === null || t - last >= GAP) { kept.push(t); last = t; }
  }
  return kept;
$$;""",
}
"""How each engine defines the function; run once before a relation that has a cool-down."""


@ibis.udf.scalar.builtin(name="passerelle_cool_down")  # type: ignore[untyped-decorator]  # no stubs
def _cool_down(times: dt.Array[dt.int64], gap: dt.int64) -> dt.Array[dt.int64]:
    """The times that count."""


def cooled(rows: ir.Table, cool_down: timedelta) -> ir.Table:
    """The rows of each lead that count; of those that share an instant, the first."""
    rows = rows.mutate(micros=microseconds(rows.occurred_at))
    gathered = rows.group_by("lead").aggregate(
        times=rows.micros.collect(order_by=[rows.occurred_at])
    )
    kept = gathered.select(
        "lead",
        micros=_cool_down(gathered.times, int(cool_down.total_seconds() * 1_000_000)).unnest(),
    )
    once = rows.group_by("lead", "micros").aggregate(
        occurred_at=rows.occurred_at.min(), day=rows.day.min()
    )
    return once.semi_join(kept, ["lead", "micros"])


def microseconds(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Microseconds since 1970, exactly."""
    return instant.epoch_seconds().cast("int64") * 1_000_000 + (instant.microsecond().cast("int64"))
