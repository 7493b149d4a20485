"""How the total is spread by stage, and how two levels go together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from passerelle.core.agreement import Agreement
from passerelle.core.stages import TOTAL
from passerelle.files.quoting import identifier, literal
from passerelle.report.asking import one, rows

_NICE = (1, 2, 2.5, 5, 10)
_SLACK = 0.0000005  # levels are compared to lines to the millionth of a point


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a stage in the total: where it is entered, or below which it is left."""

    stage: str
    at: float
    falls: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Leads by bin of the total and stage; `bins` are lower ends, all of the same `width`."""

    width: float
    bins: tuple[float, ...]
    counts: Mapping[tuple[float, str], int]
    lines: tuple[Line, ...]
    at_zero: int
    mean: float | None
    median: float | None

    def of_bin(self, low: float) -> int:
        """Every lead of one bin."""
        return sum(n for (bin_low, _), n in self.counts.items() if bin_low == low)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Leads by two levels: labels of rows (highest first) and columns (lowest first)."""

    rows: str
    columns: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    graded: bool


def spread_total(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str
) -> Spread | None:
    """How the total is spread; None without any lead."""
    low, high, mean, median, at_zero = one(
        connection,
        "SELECT min(level__total), max(level__total), avg(level__total), median(level__total), "
        f"count(*) FILTER (abs(level__total) < {_SLACK}) FROM {identifier(scored)}",
    )
    if low is None:
        return None
    lines = tuple(lines_of(agreement))
    low, high = _shown(agreement.total.range, low, high, [line.at for line in lines])
    width = nice_width(high - low, bins=40)
    start = math.floor(low / width)
    last = max(start, math.ceil(high / width) - 1)
    place = _place("level__total", width, start, last)
    found = rows(
        connection,
        f"SELECT {place}, stage, count(*) FROM {identifier(scored)} GROUP BY ALL",
    )
    return Spread(
        width=width,
        bins=tuple(place * width for place in range(start, last + 1)),
        counts={(int(place) * width, stage): n for place, stage, n in found},
        lines=lines,
        at_zero=at_zero,
        mean=mean,
        median=median,
    )


def cross_levels(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str
) -> Matrix | None:
    """Leads by the two graded levels, or else by the first two dimensions; None without two."""
    grades = agreement.grades
    if len(grades) == 2:
        (row, row_ladder), (column, column_ladder) = grades.items()
        return _matrix(
            connection,
            scored,
            row=(row, _letters(row, row_ladder), tuple(row_ladder)),
            column=(column, _letters(column, column_ladder), tuple(reversed(column_ladder))),
            graded=True,
        )
    dimensions = list(dict.fromkeys((*agreement.total.dimensions, *agreement.dimensions)))[:2]
    if len(dimensions) < 2:
        return None
    row, column = dimensions
    in_rows, in_columns = (_tenths(connection, agreement, scored, key) for key in dimensions)
    return _matrix(
        connection,
        scored,
        row=(row, in_rows[0], tuple(reversed(in_rows[1]))),
        column=(column, *in_columns),
        graded=False,
    )


def lines_of(agreement: Agreement) -> Sequence[Line]:
    """The lines that stages draw in the total."""
    lines = []
    for key, stage in agreement.stages.items():
        entry = stage.when.levels.get(TOTAL) if stage.when else None
        if entry is not None and entry.low is not None:
            lines.append(Line(key, float(entry.low), falls=False))
        if TOTAL in stage.falls_below:
            lines.append(Line(key, float(stage.falls_below[TOTAL]), falls=True))
    return lines


def nice_width(span: float, *, bins: int) -> float:
    """A round width of which about `bins` cover `span`."""
    if span <= 0:
        return 1.0
    rough = span / bins
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(nice * power for nice in _NICE if nice * power >= rough * (1 - 1e-9)))


def _shown(
    limits: tuple[Decimal, Decimal], low: float, high: float, lines: Sequence[float]
) -> tuple[float, float]:
    """The whole range where leads fill a good part of it, otherwise where leads and lines are."""
    ends = (float(limits[0]), float(limits[1]))
    used = (min([low, *lines]), max([high, *lines]))
    return ends if ends[1] - ends[0] <= 4 * (used[1] - used[0]) else used


_Axis = tuple[str, str, tuple[str, ...]]


def _matrix(
    connection: duckdb.DuckDBPyConnection, scored: str, *, row: _Axis, column: _Axis, graded: bool
) -> Matrix:
    found = rows(
        connection,
        f"SELECT {row[1]} AS r, {column[1]} AS c, count(*) FROM {identifier(scored)} GROUP BY ALL",
    )
    counts = {(r, c): n for r, c, n in found}
    return Matrix(row[0], column[0], row[2], column[2], counts, graded)


def _letters(level: str, grades: Mapping[str, Decimal]) -> str:
    """The letter of each lead: the first whose line its level reaches, or else the last."""
    whens = " ".join(
        f"WHEN {_column(level)} >= {float(line) - _SLACK!r} THEN {literal(letter)}"
        for letter, line in grades.items()
    )
    return f"CASE {whens} ELSE {literal(list(grades)[-1])} END"


def _tenths(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str, dimension: str
) -> tuple[str, tuple[str, ...]]:
    """The band of a level for each lead, and the labels of all bands, lowest first."""
    column = _column(dimension)
    low, high = one(connection, f"SELECT min({column}), max({column}) FROM {identifier(scored)}")
    low, high = _shown(agreement.dimensions[dimension].range, low or 0.0, high or 0.0, [])
    width = nice_width(high - low, bins=10)
    start = math.floor(low / width)
    last = max(start, math.ceil(high / width) - 1)
    labels = tuple(f"{place * width:g}" for place in range(start, last + 1))
    place = _place(column, width, start, last)
    listed = ", ".join(literal(label) for label in labels)
    return f"[{listed}][CAST({place} - {start} AS INTEGER) + 1]", labels


def _place(column: str, width: float, first: int, last: int) -> str:
    """The number of the bin; the top of the last bin, and what was forced past it, lie in it."""
    return f"greatest({first}, least({last}, floor(round({column}, 6) / {width!r})))"


def _column(level: str) -> str:
    return identifier(f"level__{level}")
