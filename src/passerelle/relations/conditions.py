"""Tests of fields and properties as conditions on columns."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from passerelle.core.conditions import (
    DomainIn,
    InRange,
    Is,
    Missing,
    Patterns,
    Test,
    fold,
    glob_expression,
)
from passerelle.core.ranges import MILLIONTH, Range


def holds(test: Test, column: ir.Value) -> ir.BooleanValue:
    """Whether the test holds for the column; never null."""
    match test:
        case Patterns(patterns):
            return _any_pattern(patterns, as_text(column)).fill_null(False)
        case InRange(line):
            return in_range(line, column).fill_null(False)
        case Missing(missing):
            empty = (
                column.isnull() | (as_text(column) == "")
                if column.type().is_string()
                else column.isnull()
            )
            return empty if missing else ~empty
        case Is(expected):
            return (as_text(column) == ("true" if expected else "false")).fill_null(False)
        case DomainIn(domains):
            return _in_domains(domains, as_text(column)).fill_null(False)


def all_hold(where: Mapping[str, Test], rows: ir.Table) -> list[ir.BooleanValue]:
    """The tests of `where`, each on the column of its property."""
    return [holds(test, rows[name]) for name, test in where.items()]


def as_text(column: ir.Value) -> ir.StringValue:
    """The column as text in lower case."""
    if column.type().is_boolean():
        return ibis.cases((column, "true"), (~column, "false"))
    return column.cast("string").lower()


def in_range(line: Range, column: ir.Value, *, slack: float = 0.0) -> ir.BooleanValue:
    """Whether the number lies in the range, its ends moved outward or inward by `slack`."""
    parts: list[ir.BooleanValue] = []
    if line.low is not None:
        low = float(line.low)
        parts.append(column >= low - slack if line.low_included else column > low + slack)
    if line.high is not None:
        high = float(line.high)
        parts.append(column <= high + slack if line.high_included else column < high - slack)
    return ibis.and_(*parts)


def level_in_range(line: Range, level: ir.Value) -> ir.BooleanValue:
    """Whether a level of points lies in the range, compared to the millionth of a point."""
    return in_range(line, level, slack=float(MILLIONTH))


def _any_pattern(patterns: tuple[str, ...], text: ir.StringValue) -> ir.BooleanValue:
    plain = [fold(p) for p in patterns if "*" not in p]
    parts = [_glob(fold(p), text) for p in patterns if "*" in p]
    if plain:
        parts.insert(0, text == plain[0] if len(plain) == 1 else text.isin(plain))
    return ibis.or_(*parts)


def _glob(pattern: str, text: ir.StringValue) -> ir.BooleanValue:
    """The pattern by the cheapest means that has its meaning."""
    inside = pattern.strip("*")
    if not inside:
        return text.notnull() & (text != "")
    if "*" in inside:
        return text.re_search("(?s)" + glob_expression(pattern))
    starts, ends = pattern.startswith("*"), pattern.endswith("*")
    if starts and ends:
        return text.contains(inside)
    return text.endswith(inside) if starts else text.startswith(inside)


def _in_domains(domains: tuple[str, ...], text: ir.StringValue) -> ir.BooleanValue:
    domain = text.re_replace("^([^@]*@)+", "")
    whole = domain.isin([fold(d) for d in domains])
    return ibis.or_(whole, *(domain.endswith("." + fold(d)) for d in domains))
