"""One row asked of DuckDB and fetched whole, so that the connection is free for what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


def ask(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> tuple[Any, ...]:
    """The only row of a query that always has one, an aggregate for instance."""
    (row,) = connection.execute(query, list(values)).fetchall()
    return tuple(row)
