"""The functions of our own that SQL may call, as each engine defines them.

`passerelle_cool_down(times, gap)` keeps of a lead's times, in microseconds and in any order, those
that count, in their order: each at least `gap` after the last that counted. Whether one counts
depends on those before it, one after the other, which no window function says.
"""

from __future__ import annotations

from collections.abc import Mapping

from passerelle.relations.engines import Dialect

FUNCTIONS: Mapping[Dialect, Mapping[str, str]] = {
    "duckdb": {
        "passerelle_cool_down": """\
CREATE OR REPLACE TEMP MACRO passerelle_cool_down(times, gap) AS
  list_reduce(
    list_transform(CAST(list_sort(times) AS BIGINT[]), lambda t: [t]),
    lambda kept, t: CASE WHEN t[1] - kept[-1] >= gap THEN kept || t ELSE kept END
  )""",
    },
    "clickhouse": {
        "passerelle_cool_down": """\
CREATE OR REPLACE FUNCTION passerelle_cool_down AS (times, gap) ->
  arrayFold(
    (kept, t) -> if(empty(kept) OR t - kept[-1] >= gap, arrayPushBack(kept, t), kept),
    arraySort(arrayMap(t -> assumeNotNull(t), times)),
    CAST([], 'Array(Int64)')
  )""",
    },
    "postgres": {
        "passerelle_cool_down": """\
CREATE OR REPLACE FUNCTION passerelle_cool_down(times bigint[], gap bigint) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  kept bigint[] := '{}';
  last bigint;
  t bigint;
BEGIN
  FOR t IN SELECT unnest(times) ORDER BY 1 LOOP
    IF last IS NULL OR t - last >= gap THEN
      kept := kept || t;
      last := t;
    END IF;
  END LOOP;
  RETURN kept;
END $$""",
        "passerelle_try_date": """\
CREATE OR REPLACE FUNCTION passerelle_try_date(value text) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE WHEN value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN value::date END;
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN NULL;
END $$""",
    },
    "spark": {
        "passerelle_cool_down": """\
CREATE OR REPLACE TEMPORARY FUNCTION passerelle_cool_down(times ARRAY<BIGINT>, gap BIGINT)
RETURNS ARRAY<BIGINT>
RETURN aggregate(array_sort(times), CAST(array() AS ARRAY<BIGINT>), (kept, t) ->
  CASE WHEN size(kept) = 0 OR t - element_at(kept, -1) >= gap
       THEN array_append(kept, t) ELSE kept END)""",
    },
    "bigquery": {
        "passerelle_cool_down": """\
CREATE TEMP FUNCTION passerelle_kept(times ARRAY<FLOAT64>, gap FLOAT64) RETURNS ARRAY<FLOAT64>
LANGUAGE js AS r'''
  const kept = [];
  for (const t of times.sort((a, b) => a - b)) {
    if (kept.length === 0 || t - kept[kept.length - 1] >= gap) kept.push(t);
  }
  return kept;
''';
CREATE TEMP FUNCTION passerelle_cool_down(times ARRAY<INT64>, gap INT64) RETURNS ARRAY<INT64> AS (
  ARRAY(
    SELECT CAST(t AS INT64)
    FROM UNNEST(
      passerelle_kept(
        ARRAY(SELECT CAST(t AS FLOAT64) FROM UNNEST(times) AS t), CAST(gap AS FLOAT64)
      )
    ) AS t
  )
)""",
    },
    "snowflake": {
        "passerelle_cool_down": """\
CREATE OR REPLACE TEMPORARY FUNCTION passerelle_cool_down(times ARRAY, gap DOUBLE) RETURNS ARRAY
LANGUAGE JAVASCRIPT AS $$
  const kept = [];
  for (const t of TIMES.sort((a, b) => a - b)) {
    if (kept.length === 0 || t - kept[kept.length - 1] >= GAP) kept.push(t);
  }
  return kept;
$$""",
    },
}
"""By dialect the definition of each function, without a semicolon."""
