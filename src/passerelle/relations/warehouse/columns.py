"""The columns that leads and events must have in somebody's own engine, with its own types."""

from __future__ import annotations

from collections.abc import Mapping

from passerelle.core.agreement import Agreement
from passerelle.relations.engines import Dialect
from passerelle.relations.tables import input_tables

_TYPES: Mapping[Dialect, tuple[str, str, str, str, str]] = {
    "duckdb": ("VARCHAR", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"),
    "spark": ("STRING", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"),
    "clickhouse": ("String", "Float64", "Bool", "Date32", "DateTime64(6, 'UTC')"),
    "postgres": ("TEXT", "DOUBLE PRECISION", "BOOLEAN", "DATE", "TIMESTAMP"),
    "bigquery": ("STRING", "FLOAT64", "BOOL", "DATE", "TIMESTAMP"),
    "snowflake": ("VARCHAR", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP_NTZ(6)"),
}
_KINDS = ("string", "float64", "boolean", "date", "timestamp(6)")

NEVER_NULL = frozenset({"lead", "event", "occurred_at"})


def input_columns(agreement: Agreement, dialect: Dialect) -> dict[str, dict[str, str]]:
    """By table, `leads` and `events`, the type of each column that the agreement reads."""
    inputs = input_tables(agreement)
    types = dict(zip(_KINDS, _TYPES[dialect], strict=True))
    return {
        name: {
            column: _nullable(column, types[str(kind)], dialect)
            for column, kind in table.schema().items()
        }
        for name, table in (("leads", inputs.leads), ("events", inputs.events))
    }


def _nullable(column: str, kind: str, dialect: Dialect) -> str:
    """To ClickHouse, what may be missing must be said to."""
    return f"Nullable({kind})" if dialect == "clickhouse" and column not in NEVER_NULL else kind
