"""How a column's dates and decimals are written, found in its cells or asked of the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.cells import SLASHED, bare_numeral, clean
from passerelle.files.problems import FileProblem, Problem
from passerelle.files.quoting import identifier

if TYPE_CHECKING:
    import duckdb

    from passerelle.files.cells import Decimal, Order
    from passerelle.files.columns import Conventions
    from passerelle.files.staging import Staged, StagedColumn

SURE_COMMA = (
    r"^[+-]?(?:\d+(?:[ '’\x{00a0}\x{202f}\x{2009}]\d{3})*,(?:\d{1,2}|\d{4,})|0\d*,\d+"
    r"|\d{1,3}(?:[ '’.\x{00a0}\x{202f}\x{2009}]\d{3})+,\d*|\d{1,3}(?:\.\d{3}){2,})$"
)
SURE_POINT = (
    r"^[+-]?(?:\d+(?:[ '’\x{00a0}\x{202f}\x{2009}]\d{3})*\.(?:\d{1,2}|\d{4,})|0\d*\.\d+"
    r"|\d{1,3}(?:[ '’,\x{00a0}\x{202f}\x{2009}]\d{3})+\.\d*|\d{1,3}(?:,\d{3}){2,})$"
)
DOUBTFUL = r"^[+-]?[1-9]\d{0,2},\d{3}$"


@dataclass(frozen=True, slots=True)
class Writing:
    """How one column is written; None where nothing in it depends on that."""

    decimal: Decimal = "point"
    order: Order | None = None


def find_writings(
    connection: duckdb.DuckDBPyConnection, staged: Staged, how: Conventions
) -> dict[str, Writing]:
    """How each text column of numbers or dates is written, by the name of its staged column.

    Raises:
        FileProblem: a column's dates or numbers can be read in two ways.
    """
    open_columns = [column for column in staged.columns if not column.native]
    numbers = [column for column in open_columns if column.type == "number"]
    dates = [column for column in open_columns if column.type in {"date", "instant"}]
    found = {column.cell: Writing() for column in open_columns if column.type == "boolean"}
    found |= {
        column.cell: Writing(decimal=decimal)
        for column, decimal in _decimals(connection, staged, numbers, how)
    }
    for column in dates:
        found[column.cell] = Writing(order=_order(connection, staged, column, how))
    return found


def _decimals(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    columns: list[StagedColumn],
    how: Conventions,
) -> list[tuple[StagedColumn, Decimal]]:
    if how.decimal:
        return [(column, how.decimal) for column in columns]
    evidence = [_number_evidence(connection, staged, column, how) for column in columns]
    commas = sum(comma for comma, _, _ in evidence)
    points = sum(point for _, point, _ in evidence)
    found: list[tuple[StagedColumn, Decimal]] = []
    for column, (comma, point, doubt) in zip(columns, evidence, strict=True):
        # a column without evidence of its own follows the others of its file
        for_comma, for_point = (comma, point) if comma or point else (commas, points)
        if doubt and not for_comma and not for_point:
            raise FileProblem(Problem.AMBIGUOUS_NUMBERS, column=column.origin, cell=doubt)
        found.append((column, "comma" if for_comma > for_point else "point"))
    return found


def _number_evidence(
    connection: duckdb.DuckDBPyConnection, staged: Staged, column: StagedColumn, how: Conventions
) -> tuple[int, int, str | None]:
    bare = bare_numeral(clean(identifier(column.cell), missing=how.missing))
    comma, point, doubt = (
        pattern.replace("'", "''") for pattern in (SURE_COMMA, SURE_POINT, DOUBTFUL)
    )
    row = ask(
        connection,
        f"SELECT count(*) FILTER (regexp_matches(n, '{comma}')), "
        f"count(*) FILTER (regexp_matches(n, '{point}')), "
        f"min(n) FILTER (regexp_matches(n, '{doubt}')) "
        f"FROM (SELECT {bare} AS n FROM {staged.table} "
        f"WHERE contains({column.cell}, ',') OR contains({column.cell}, '.'))",
    )
    return row[0], row[1], row[2]


def _order(
    connection: duckdb.DuckDBPyConnection, staged: Staged, column: StagedColumn, how: Conventions
) -> Order | None:
    if how.dates:
        return how.dates
    parts = f"regexp_extract({column.cell}, '^\\s*{SLASHED}', ['first', 'second', 'year'])"
    row = ask(
        connection,
        "SELECT count(*) FILTER (TRY_CAST(p.first AS INTEGER) > 12), "
        "count(*) FILTER (TRY_CAST(p.second AS INTEGER) > 12), "
        "min(cell) FILTER (p.year <> '' AND p.first <> p.second) "
        f"FROM (SELECT {column.cell} AS cell, {parts} AS p FROM {staged.table} "
        f"WHERE regexp_matches({column.cell}, '^\\s*\\d{{1,2}}[/.-]'))",
    )
    days_first, months_first, example = row
    if days_first or months_first:
        return "day_first" if days_first >= months_first else "month_first"
    if example:
        raise FileProblem(Problem.AMBIGUOUS_DATES, column=column.origin, cell=example)
    return None
