"""JSON rows laid into the stage: each object's values by pointer, what is no object marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.marks import MARK
from passerelle.files.quoting import first_filled, literal
from passerelle.files.rejects import VALUE_LENGTH
from passerelle.files.sources import IS_OBJECT, Source, json_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from passerelle.files.columns import Rows


def insert_json(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    chosen: Sequence[tuple[str, ...]],
    *,
    rows: Rows,
    table: str,
    at: int,
) -> None:
    """Add the rows of `source`, the file at place `at`, to the stage `table`."""
    used = list(dict.fromkeys(name for names in chosen for name in names))
    pointers = [literal(source.pointers[source.columns.index(name)]) for name in used]
    cells = "".join(
        ", " + first_filled([f"list_extract(v, {used.index(name) + 1})" for name in names])
        for names in chosen
    )
    (start,) = ask(connection, f"SELECT count(*) FROM {table}")
    connection.execute("CREATE OR REPLACE TEMP TABLE files_lines (line VARCHAR)")
    connection.execute(f"INSERT INTO files_lines SELECT line FROM {json_lines(source)}")
    connection.execute(
        f"INSERT INTO {table} SELECT {at}, v IS NULL{cells} FROM (SELECT "
        f"CASE WHEN {IS_OBJECT} THEN json_extract_string(line, [{', '.join(pointers)}]) END AS v "
        "FROM files_lines)"
    )
    connection.execute(
        f"INSERT INTO {MARK} SELECT ?, ?, stage.rowid - ?, NULL, left(line, {VALUE_LENGTH}), "
        f"'bad_json', 'row_dropped' FROM {table} AS stage "
        "JOIN files_lines ON files_lines.rowid = stage.rowid - ? "
        "WHERE stage.file = ? AND stage.blank AND trim(coalesce(line, '')) <> ''",
        [rows, at, start, start, at],
    )
    connection.execute("DROP TABLE files_lines")
