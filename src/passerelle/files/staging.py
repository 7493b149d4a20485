"""Rows of the files laid side by side in one table, cells as they stand, columns by our names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.columns import SQL_TYPES, CellType, Conventions, Rows
from passerelle.files.kinds import Format
from passerelle.files.natives import native
from passerelle.files.quoting import identifier, literal, path_literal
from passerelle.files.rejects import RejectReason
from passerelle.files.sources import Source, json_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb

STRUCTURE = {
    "MISSING COLUMNS": RejectReason.TOO_FEW_CELLS,
    "TOO MANY COLUMNS": RejectReason.TOO_MANY_CELLS,
    "UNQUOTED VALUE": RejectReason.BAD_QUOTES,
    "LINE SIZE OVER MAXIMUM": RejectReason.LINE_TOO_LONG,
}
MARKS = "files_marks"


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
    """A file's rows in the stage: `start` is the rowid of the first; `broken` lines are not in."""

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


def open_marks(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of rows and cells to reject, by file and row, before lines are known."""
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {MARKS} ("rows" VARCHAR, file INTEGER, row BIGINT, '
        'line BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR, action VARCHAR)'
    )


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
            return _mark_broken_lines(connection, rows, at)
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
            _insert_json(connection, rows, table, at, source, [names for _, names in chosen])
            return ()


def _csv(source: Source) -> str:
    assert source.text
    assert source.dialect
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(source.columns)))
    return (
        f"read_csv({path_literal(source.text.path)}, auto_detect = false, "
        f"delim = {literal(source.dialect.delimiter)}, quote = '\"', escape = '\"', "
        f"header = false, skip = {source.dialect.skip}, columns = {{{columns}}}, "
        "nullstr = '', new_line = '\\n', strict_mode = true, store_rejects = true, "
        "rejects_table = 'files_csv_errors', rejects_scan = 'files_csv_scans', "
        "hive_partitioning = false)"
    )


def _csv_cell(source: Source, names: tuple[str, ...]) -> str:
    return _first_filled([f"c{source.columns.index(name)}" for name in names])


def _first_filled(cells: list[str]) -> str:
    if len(cells) < 2:
        return cells[0] if cells else "NULL"
    return "coalesce(" + ", ".join(f"nullif(trim({cell}), '')" for cell in cells) + ")"


def _mark_broken_lines(
    connection: duckdb.DuckDBPyConnection, rows: Rows, at: int
) -> tuple[int, ...]:
    # one unclosed quote can swallow many lines: each of them is lost, and counts
    reasons = " ".join(
        f"WHEN {literal(name)} THEN {literal(reason)}" for name, reason in STRUCTURE.items()
    )
    connection.execute(
        f"INSERT INTO {MARKS} SELECT ?, ?, NULL, line + unnest(range(length(text) "
        "- length(replace(text, chr(10), '')) + 1)), NULL, left(text, 80), reason, "
        "'row_dropped' FROM (SELECT line, trim(any_value(csv_line), chr(10)) AS text, "
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
    return _first_filled([f"CAST({identifier(name)} AS VARCHAR)" for name in names])


def _insert_json(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    table: str,
    at: int,
    source: Source,
    chosen: list[tuple[str, ...]],
) -> None:
    used = list(dict.fromkeys(name for names in chosen for name in names))
    pointers = [literal(source.pointers[source.columns.index(name)]) for name in used]
    cells = "".join(
        ", " + _first_filled([f"list_extract(v, {used.index(name) + 1})" for name in names])
        for names in chosen
    )
    start = _count(connection, table)
    connection.execute("CREATE OR REPLACE TEMP TABLE files_lines (line VARCHAR)")
    connection.execute(f"INSERT INTO files_lines SELECT line FROM {json_lines(source)}")
    connection.execute(
        f"INSERT INTO {table} SELECT {at}, v IS NULL{cells} FROM (SELECT "
        "CASE WHEN json_type(TRY_CAST(line AS JSON)) = 'OBJECT' "
        f"THEN json_extract_string(TRY_CAST(line AS JSON), [{', '.join(pointers)}]) END AS v "
        "FROM files_lines)"
    )
    connection.execute(
        f"INSERT INTO {MARKS} SELECT ?, ?, stage.rowid - ?, NULL, NULL, left(line, 80), "
        f"'bad_json', 'row_dropped' FROM {table} AS stage "
        "JOIN files_lines ON files_lines.rowid = stage.rowid - ? "
        "WHERE stage.file = ? AND stage.blank AND trim(coalesce(line, '')) <> ''",
        [rows, at, start, start, at],
    )
    connection.execute("DROP TABLE files_lines")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = ask(connection, f"SELECT count(*) FROM {table}")
    return int(row[0])
