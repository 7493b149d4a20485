"""Rows with the same key: found by hash first, so that a file without any pays almost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelle.files.asking import ask

if TYPE_CHECKING:
    import duckdb


def find_duplicates(
    connection: duckdb.DuckDBPyConnection,
    *,
    table: str,
    key: str,
    order: str,
    row: tuple[str, str],
    into: str,
) -> int:
    """Put the rows of `table` that repeat a key into the temporary table `into`.

    Of the rows with one key the first by `order` stays. NULL keys repeat nothing.

    Args:
        connection: where the table is.
        table: a table, view or parenthesised query.
        key: the SQL of the key.
        order: the SQL that puts the row to keep first; it must leave no ties.
        row: two columns that tell a row from every other.
        into: the table to make, with those two columns and the key's text as `key`.

    Returns:
        How many rows repeat a key.
    """
    first, second = row
    # all but a few keys are unique: 8-byte hashes tell which could repeat, texts decide
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE files_suspects AS SELECT hash({key}) AS hashed "
        f"FROM {table} WHERE {key} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT {first}, {second}, "
        f"CAST(key AS VARCHAR) AS key FROM (SELECT {first}, {second}, {key} AS key, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS place FROM {table} "
        f"WHERE {key} IS NOT NULL AND hash({key}) IN (SELECT hashed FROM files_suspects)) "
        "WHERE place > 1"
    )
    connection.execute("DROP TABLE files_suspects")
    found = ask(connection, f"SELECT count(*) FROM {into}")
    return int(found[0])
