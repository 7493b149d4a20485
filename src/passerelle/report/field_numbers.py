"""The quality of fields: how many leads have one, what it holds, what should not be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb

from passerelle.core.agreement import Agreement, FieldDeclaration
from passerelle.files.quoting import any_of, identifier
from passerelle.relations.fields import tested_fields
from passerelle.report.asking import columns_of, one, rows

FieldRole = Literal["read", "declared", "contact", "unknown"]
MOST_VALUES = 5


@dataclass(frozen=True, slots=True)
class FieldNumbers:
    """One column of the leads.

    Attributes:
        role: read by the agreement, only declared, one every contact has, or unknown and kept.
        filled: leads that have something there.
        distinct: different values.
        values: the most frequent values that stand more than once, with their leads.
        lowest, middle, highest: of a number.
        outside: leads whose value is none of those the agreement lists; `strangers` are examples.
    """

    name: str
    type: str
    role: FieldRole
    filled: int
    distinct: int
    values: tuple[tuple[str, int], ...]
    lowest: float | None = None
    middle: float | None = None
    highest: float | None = None
    outside: int = 0
    strangers: tuple[tuple[str, int], ...] = ()


def examine_fields(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement
) -> tuple[FieldNumbers, ...]:
    """Every column of the connection's `leads`: those read first, then as they stand."""
    read = set(tested_fields(agreement))
    roles: dict[FieldRole, int] = {"read": 0, "declared": 1, "contact": 2, "unknown": 3}
    found = []
    for name, sql_type in columns_of(connection, "leads").items():
        if name == "lead":
            continue
        declared = agreement.known_fields.get(name)
        role: FieldRole = "unknown" if declared is None else "contact"
        if name in read:
            role = "read"
        elif name in agreement.fields:
            role = "declared"
        numeric = declared is not None and declared.type == "number"
        found.append(_examine(connection, name, declared, role, numeric=numeric, type_=sql_type))
    return tuple(sorted(found, key=lambda field: roles[field.role]))


def _examine(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    declared: FieldDeclaration | None,
    role: FieldRole,
    *,
    numeric: bool,
    type_: str,
) -> FieldNumbers:
    column = identifier(name)
    text = f"CAST({column} AS VARCHAR)"
    filled = f"{column} IS NOT NULL"
    if type_ == "VARCHAR":
        filled = f"trim({column}) <> ''"
    grouped = f"SELECT {text} AS v, count(*) AS n FROM leads WHERE {filled} GROUP BY {column}"
    total, distinct = one(connection, f"SELECT coalesce(sum(n), 0), count(*) FROM ({grouped})")
    values = rows(
        connection, f"FROM ({grouped}) WHERE n > 1 ORDER BY n DESC, v LIMIT {MOST_VALUES}"
    )
    lowest = middle = highest = None
    if numeric:
        lowest, middle, highest = one(
            connection, f"SELECT min({column}), median({column}), max({column}) FROM leads"
        )
    outside, strangers = 0, []
    if declared is not None and declared.one_of:
        listed = any_of(tuple(value.lower() for value in declared.one_of))
        others = f"FROM ({grouped}) WHERE lower(v) NOT IN {listed}"
        (outside,) = one(connection, f"SELECT coalesce(sum(n), 0) {others}")
        strangers = rows(connection, f"{others} ORDER BY n DESC, v LIMIT {MOST_VALUES}")
    return FieldNumbers(
        name=name,
        type=declared.type if declared else "text",
        role=role,
        filled=int(total),
        distinct=distinct,
        values=tuple((f"{float(value):.12g}" if numeric else value, n) for value, n in values),
        lowest=lowest,
        middle=middle,
        highest=highest,
        outside=int(outside),
        strangers=tuple((value, n) for value, n in strangers),
    )
