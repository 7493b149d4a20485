"""Syntax and text of a step made easy on the eye, its meaning left alone."""

from __future__ import annotations

import re

from sqlglot import exp

from passerelle.relations.engines import Dialect

WIDTH = 100

_UNFRAMED = (exp.RowNumber, exp.Lag)
"""Functions over the whole partition, whatever the frame."""


def tidied(query: exp.Expression, dialect: Dialect) -> str:
    """The text of a step without needless words, short things on one line."""
    for case in query.find_all(exp.Case):
        if isinstance(case.args.get("default"), exp.Null):
            case.set("default", None)
    for window in query.find_all(exp.Window):
        if isinstance(window.this, _UNFRAMED):
            window.set("spec", None)
    for chosen in list(query.find_all(exp.In)):
        if len(chosen.expressions) == 1:
            chosen.replace(exp.EQ(this=chosen.this, expression=chosen.expressions[0]))
    for both in list(query.find_all(exp.And)):
        _leave_out_true(both)
    _say_once(query)
    for paren in list(query.find_all(exp.Paren)):
        _leave_out_paren(paren)
    if dialect == "clickhouse":
        for select in query.find_all(exp.Select):
            _name_columns(select)
    text = query.sql(dialect=dialect, pretty=True, max_text_width=WIDTH)
    return _joined_lines(text)


def _name_columns(select: exp.Select) -> None:
    """Say what each column is called; of a join, ClickHouse names some after their table too."""
    for one in select.expressions:
        if isinstance(one, exp.Column) and one.table:
            one.replace(exp.alias_(one.copy(), one.name, quoted=True))


def _leave_out_true(both: exp.And) -> None:
    sides = (both.this, both.expression)
    kept = [side for side in sides if not (isinstance(side, exp.Boolean) and side.this)]
    if len(kept) == 1:
        both.replace(kept[0])


def _say_once(query: exp.Expression) -> None:
    for both in list(query.find_all(exp.And)):
        tests = [] if isinstance(both.parent, exp.And) else _tests_of(both)
        once = {test.sql(): test for test in reversed(tests)}
        if len(once) < len(tests):
            both.replace(exp.and_(*reversed(once.values()), copy=False, wrap=False))


def _tests_of(one: exp.Expression) -> list[exp.Expression]:
    return [*_tests_of(one.this), *_tests_of(one.expression)] if isinstance(one, exp.And) else [one]


_CLOSED = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Case, exp.Cast)
_TESTS = (exp.Predicate, exp.Is, exp.In, exp.Not, *_CLOSED)


def _leave_out_paren(paren: exp.Paren) -> None:
    """Unwrap what binds by itself where it stands."""
    inner, parent = paren.this, paren.parent
    free = isinstance(parent, (exp.Where, exp.If, exp.Alias, exp.Paren, exp.Select, exp.Cast))
    test = isinstance(parent, exp.Connector) and (
        isinstance(inner, type(parent))
        if isinstance(inner, exp.Connector)
        else isinstance(inner, _TESTS)
    )
    if free or test or isinstance(inner, (exp.Column, exp.Paren)):
        paren.replace(inner)


_FOLDS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^(?P<a> *WHEN .*)\n *(?P<b>THEN .*)$",
        r"^(?P<a>.*\()\n *(?P<b>[^\n]*)\n *(?P<c>\).*)$",
    )
)


def _joined_lines(text: str) -> str:
    """The text with what fits on one line on one line."""
    for fold in _FOLDS:
        before = ""
        while text != before:
            before, text = text, fold.sub(_on_one_line, text)
    return text


def _on_one_line(match: re.Match[str]) -> str:
    parts = match.groupdict()
    line = f"{parts['a']}{parts['b']}{parts['c']}" if "c" in parts else f"{parts['a']} {parts['b']}"
    return line if len(line) <= WIDTH and "SELECT" not in parts["b"] else match.group()
