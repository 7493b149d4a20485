"""Parquet columns that already are of the type wanted, read without a detour over text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelle.files.quoting import identifier, literal

if TYPE_CHECKING:
    from passerelle.files.columns import CellType, Conventions

WHOLE = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
}  # fmt: skip
NAIVE = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
AWARE = {"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ", "TIMESTAMP_NS WITH TIME ZONE"}


def native(name: str, column: str, kind: str, cell: CellType, how: Conventions) -> str | None:
    """The SQL that reads `column` of type `kind` as the `cell` wanted for our `name`.

    Naive timestamps are in UTC unless the mapping file names a time zone.

    Returns:
        None if the column has to be read as text, or if its values are to be renamed.
    """
    if name in how.values or (cell == "text" and how.missing):
        return None
    quoted = identifier(column)
    match cell:
        case "text":
            return _text(quoted, kind)
        case "number":
            return _number(quoted, kind)
        case "boolean":
            return quoted if kind == "BOOLEAN" else None
        case "date":
            return _date(quoted, kind, how)
        case "instant":
            return _instant(quoted, kind, how)


def _text(quoted: str, kind: str) -> str | None:
    if kind == "VARCHAR":
        return quoted
    if kind in WHOLE or kind == "UUID" or kind.startswith("ENUM"):
        return f"CAST({quoted} AS VARCHAR)"
    if kind in {"DOUBLE", "FLOAT"}:  # whole numbers with gaps come out of data frames as 12.0
        whole = f"{quoted} = trunc({quoted}) AND abs({quoted}) < 1e15"
        return (
            f"CASE WHEN {whole} THEN CAST(CAST({quoted} AS BIGINT) AS VARCHAR) "
            f"WHEN NOT isnan({quoted}) THEN CAST({quoted} AS VARCHAR) END"
        )
    return None


def _number(quoted: str, kind: str) -> str | None:
    if kind in {"DOUBLE", "FLOAT"}:
        return f"CASE WHEN isfinite({quoted}) THEN CAST({quoted} AS DOUBLE) END"
    if kind in WHOLE or kind.startswith("DECIMAL"):
        return f"CAST({quoted} AS DOUBLE)"
    return None


def _date(quoted: str, kind: str, how: Conventions) -> str | None:
    if kind == "DATE":
        return quoted
    if kind in NAIVE:
        return f"CAST({quoted} AS DATE)"
    if kind in AWARE:
        return f"CAST(timezone({literal(how.timezone)}, CAST({quoted} AS TIMESTAMPTZ)) AS DATE)"
    return None


def _instant(quoted: str, kind: str, how: Conventions) -> str | None:
    naive = quoted if kind == "TIMESTAMP" else f"CAST({quoted} AS TIMESTAMP)"
    if kind in AWARE:
        return f"timezone('UTC', CAST({quoted} AS TIMESTAMPTZ))"
    if kind == "DATE" or (kind in NAIVE and how.timezone_given):
        return f"timezone('UTC', timezone({literal(how.timezone)}, {naive}))"
    return naive if kind in NAIVE else None
