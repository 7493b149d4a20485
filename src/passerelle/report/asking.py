"""Questions to the connection: rows of plain Python values, names of columns."""

from __future__ import annotations

from typing import Any

import duckdb

from passerelle.files.quoting import identifier


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """Every row of the answer."""
    return connection.execute(query).fetchall()


def one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of the answer."""
    (row,) = rows(connection, query)
    return row


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table or view with their types, in order."""
    described = rows(connection, f"DESCRIBE FROM {identifier(table)}")
    return {name: kind for name, kind, *_ in described}
