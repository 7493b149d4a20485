"""Rows of the files laid side by side in one table, cells as they stand, columns by our names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.columns import SQL_TYPES, CellType, Conventions, Rows
from passerelle.files.kinds import Format
from passerelle.files.marks import MARK_RECORD
from passerelle.files.natives import native
from passerelle.files.quoting import first_filled, identifier, literal, path_literal
from passerelle.files.rejects import VALUE_LENGTH, RejectReason
from passerelle.files.sources import Source
from passerelle.files.staging_json import insert_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb

STRUCTURE = {
    "MISSING COLUMNS": RejectReason.TOO_FEW_CELLS,
    "TOO MANY COLUMNS": RejectReason.TOO_MANY_CELLS,
    "UNQUOTED VALUE": RejectReason.BAD_QUOTES,
    "LINE SIZE OVER MAXIMUM": RejectReason.LINE_TOO_LONG,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column to stage: our name, its type, and the columns it is read from, file by file."""

    name: str
    type: CellType
    columns: tuple[tuple[str, ...], ...]

    @property
    def origin(self) -> str:
        """What the user calls it: the first of its columns in the first file that has one."""
        return next((names[0] for names in self.columns if names), self.name)


@dataclass(frozen=True, slots=True)
class StagedColumn:
    """A staged column: `cell` is its name in the stage; a native one has its type already."""

    name: str
    origin: str
    cell: str
    type: CellType
    native: bool


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file's rows in the stage: `start` is the rowid of the first one.

    `broken` records are not in it; they are numbered as DuckDB does, which counts empty lines
    but takes a record with quoted line feeds for one line.
    """

    source: Source
    start: int
    rows: int
    broken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """The stage: its table, its columns and its files."""

    rows: Rows
    table: str
    columns: tuple[StagedColumn, ...]
    files: tuple[StagedFile, ...]

    @property
    def row_number(self) -> str:
        """The SQL for a row's place in its file, from 0."""
        starts = ", ".join(str(file.start) for file in self.files)
        return f"rowid - list_extract([{starts}], file + 1)"


def stage(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    sources: Sequence[Source],
    *,
    wanted: Sequence[Wanted],
    how: Conventions,
    on_file: Callable[[int], None],
) -> Staged:
    """Read every source into the table `files_stage_<rows>`; broken lines are marked."""
    table = f"files_stage_{rows}"
    columns = tuple(
        StagedColumn(
            column.name, column.origin, f"c{at}", column.type, _is_native(column, sources, how)
        )
        for at, column in enumerate(wanted)
    )
    types = "".join(
        f", {column.cell} {SQL_TYPES[column.type] if column.native else 'VARCHAR'}"
        for column in columns
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (file INTEGER, blank BOOLEAN{types})")
    files = []
    start = 0
    for at, source in enumerate(sources):
        chosen = [
            (column, names.columns[at]) for column, names in zip(columns, wanted, strict=True)
        ]
        broken = _insert(connection, rows, table, at, source, chosen, how)
        end = _count(connection, table)
        files.append(StagedFile(source, start, end - start, broken))
        start = end
        on_file(at + 1)
    return Staged(rows, table, columns, tuple(files))


def _is_native(column: Wanted, sources: Sequence[Source], how: Conventions) -> bool:
    return all(
        source.kind.format is Format.PARQUET
        and all(_native(column.name, name, column.type, source, how) for name in names)
        for source, names in zip(sources, column.columns, strict=True)
    )


def _native(name: str, column: str, cell: CellType, source: Source, how: Conventions) -> str | None:
    return native(name, column, source.types[source.columns.index(column)], cell, how)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    table: str,
    at: int,
    source: Source,
    chosen: list[tuple[StagedColumn, tuple[str, ...]]],
    how: Conventions,
) -> tuple[int, ...]:
    match source.kind.format:
        case Format.CSV:
            cells = "".join(f", {_csv_cell(source, names)}" for _, names in chosen)
            every = ", ".join(f"c{number}" for number in range(len(source.columns)))
            connection.execute(
                f"INSERT INTO {table} SELECT {at}, coalesce({every}) IS NULL{cells} "
                f"FROM {_csv(source)}"
            )
            return _mark_broken_records(connection, rows, at)
        case Format.PARQUET:
            cells = "".join(
                f", {_parquet_cell(column, names, source, how)}" for column, names in chosen
            )
            connection.execute(
                f"INSERT INTO {table} SELECT {at}, false{cells} FROM read_parquet("
                f"{path_literal(source.path)}, hive_partitioning = false)"
            )
            return ()
        case Format.JSON_LINES | Format.JSON_ARRAY:
            names = [names for _, names in chosen]
            insert_json(connection, source, names, rows=rows, table=table, at=at)
            return ()


def _csv(source: Source) -> str:
    assert source.text
    assert source.dialect
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(source.columns)))
    return (
        f"read_csv({path_literal(source.text.path)}, auto_detect = false, "
        f"delim = {literal(source.dialect.delimiter)}, quote = '\"', escape = '\"', "
        f"header = false, skip = {source.dialect.skip_records}, columns = {{{columns}}}, "
        "nullstr = '', new_line = '\\n', strict_mode = true, store_rejects = true, "
        "rejects_table = 'files_csv_errors', rejects_scan = 'files_csv_scans', "
        "hive_partitioning = false)"
    )


def _csv_cell(source: Source, names: tuple[str, ...]) -> str:
    return first_filled([f"c{source.columns.index(name)}" for name in names])


def _mark_broken_records(
    connection: duckdb.DuckDBPyConnection, rows: Rows, at: int
) -> tuple[int, ...]:
    # one unclosed quote can swallow many lines: each of them is lost, and counts
    reasons = " ".join(
        f"WHEN {literal(name)} THEN {literal(reason)}" for name, reason in STRUCTURE.items()
    )
    connection.execute(
        f"INSERT INTO {MARK_RECORD} SELECT ?, ?, line, left(text, {VALUE_LENGTH}), "
        "reason, 'row_dropped', unnest(range(length(text) "
        "- length(replace(text, chr(10), '')) + 1)) FROM ("
        "SELECT line, trim(any_value(csv_line), chr(10)) AS text, "
        f"CASE any_value(error_type) {reasons} ELSE 'bad_quotes' END AS reason "
        "FROM files_csv_errors GROUP BY line)",
        [rows, at],
    )
    lines = connection.execute("SELECT DISTINCT line FROM files_csv_errors ORDER BY 1").fetchall()
    connection.execute("DROP TABLE files_csv_errors")
    connection.execute("DROP TABLE files_csv_scans")
    return tuple(line for (line,) in lines)


def _parquet_cell(
    column: StagedColumn, names: tuple[str, ...], source: Source, how: Conventions
) -> str:
    if column.native:
        cells = [_native(column.name, name, column.type, source, how) or "NULL" for name in names]
        return f"coalesce({', '.join(cells)})" if cells else "NULL"
    return first_filled([f"CAST({identifier(name)} AS VARCHAR)" for name in names])


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = ask(connection, f"SELECT count(*) FROM {table}")
    return int(row[0])
