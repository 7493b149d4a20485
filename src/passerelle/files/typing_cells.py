"""Staged cells made into numbers, dates and the like; what cannot be read is marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files import cells
from passerelle.files.formats import Writing, find_writings
from passerelle.files.kinds import Format
from passerelle.files.marks import MARK
from passerelle.files.quoting import literal
from passerelle.files.rejects import VALUE_LENGTH, RejectReason
from passerelle.files.staging import Staged, StagedColumn

if TYPE_CHECKING:
    import duckdb

    from passerelle.files.columns import CellType, Conventions

REASONS: dict[CellType, RejectReason] = {
    "number": RejectReason.BAD_NUMBER,
    "boolean": RejectReason.BAD_BOOLEAN,
    "date": RejectReason.BAD_DATE,
    "instant": RejectReason.BAD_TIME,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """Rows with typed cells: the table has `file`, `row` and a column for each name.

    Attributes:
        table: the table.
        staged: where the rows came from.
        cells: our names to the columns with the typed cells.
        faulty: our names to the columns with the text of cells that could not be read.
        writings: how numbers and dates were taken to be written, by our name.
    """

    table: str
    staged: Staged
    cells: dict[str, str]
    faulty: dict[str, str]
    writings: dict[str, Writing]


def type_cells(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    how: Conventions,
) -> Typed:
    """Make the table `files_typed_<rows>` of a stage's rows; rows without any cell are left out.

    Raises:
        FileProblem: a column's dates or numbers can be read in two ways.
    """
    writings = find_writings(connection, staged, how)
    json = any(
        file.source.kind.format in {Format.JSON_LINES, Format.JSON_ARRAY} for file in staged.files
    )
    trimmed, cleaned, written, typed, last = [], [], [], [], []
    faulty = {}
    for column in staged.columns:
        cell = column.cell
        last.append(cell if column.native or column.type == "text" else f"read_{cell} AS {cell}")
        values = {} if column.native else how.values.get(column.name, {})
        trimmed.append(cell if column.native else f"{cells.trimmed(cell)} AS {cell}")
        text = cell if column.native else cells.filled(cell, missing=how.missing)
        cleaned.append(f"{text} AS {cell}")
        written.append(f"{cells.renamed(cell, values)} AS {cell}")
        typed.append(cell)
        if not column.native and column.type != "text":
            parsed = _parsed(column, writings[cell], how, json=json)
            typed.append(f"{parsed} AS read_{cell}")
            bad = f"CASE WHEN read_{cell} IS NULL THEN left({cell}, {VALUE_LENGTH}) END"
            last.append(f"{bad} AS bad_{cell}")
            faulty[column.name] = f"bad_{cell}"
    table = f"files_typed_{staged.rows}"
    source = f"(SELECT *, {staged.row_number} AS row FROM {staged.table} WHERE NOT blank)"
    for layer in (trimmed, cleaned, written, typed):
        source = f"(SELECT file, row, {', '.join(layer)} FROM {source})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT file, row, {', '.join(last)} FROM {source}"
    )
    return Typed(
        table,
        staged,
        {column.name: column.cell for column in staged.columns},
        faulty,
        {
            column.name: writings[column.cell]
            for column in staged.columns
            if column.cell in writings
        },
    )


def mark_faulty_cells(
    connection: duckdb.DuckDBPyConnection, typed: Typed, *, leave: tuple[str, ...] = ()
) -> None:
    """Mark every cell that could not be read as emptied, but for the columns to `leave`."""
    for column in typed.staged.columns:
        if column.name in typed.faulty and column.name not in leave:
            bad = typed.faulty[column.name]
            connection.execute(
                f"INSERT INTO {MARK} SELECT ?, file, row, ?, {bad}, ?, 'cell_emptied' "
                f"FROM {typed.table} WHERE {bad} IS NOT NULL",
                [typed.staged.rows, column.origin, REASONS[column.type]],
            )


def _parsed(column: StagedColumn, writing: Writing, how: Conventions, *, json: bool) -> str:
    cell = column.cell
    match column.type:
        case "number":
            return cells.number(cell, writing.decimal, json=json)
        case "boolean":
            return cells.boolean(cell)
        case "date":
            return cells.day(cells.iso(cell, writing.order), how.timezone)
        case "instant":
            return cells.instant(cells.iso(cell, writing.order), how.timezone)
        case "text":
            return cell


def origin_literal(typed: Typed, name: str) -> str:
    """The SQL string of what the user calls the column of our `name`."""
    return next(literal(column.origin) for column in typed.staged.columns if column.name == name)
