"""The log as the agreement sees it: the events a rule asks for, with local day, kind and phase."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.core.conditions import Test
from passerelle.core.parts import ANY, NOT_THE_LEADS, SIGNS_OF_LIFE, are_any
from passerelle.relations.calendar import local_day, seconds
from passerelle.relations.conditions import holds
from passerelle.relations.moments import Moment

OWN = ("lead", "event", "occurred_at")


def log(
    agreement: Agreement,
    events: ir.Table,
    moment: Moment,
    names: Iterable[str],
    properties: Collection[str] = (),
) -> ir.Table:
    """The known events of those names: `lead`, `event`, `occurred_at`, `day`, and properties.

    Only what is asked for is there, so that what is not asked for is not read. `kind` and `phase`
    come as the column `content`: the number of the first matching content, see `chosen`.
    """
    asked = sorted(set(names))
    rows = moment.known(events, *([] if are_any(asked) else [events.event.isin(asked)]))
    columns = {name: rows[name] for name in sorted(set(properties) - {*OWN, *CONTENT_PROPERTIES})}
    if set(properties) & set(CONTENT_PROPERTIES):
        columns |= {name: _own(rows, name) for name in CONTENT_PROPERTIES if name in properties}
        marked = "content" in rows.columns
        columns["content"] = rows.content if marked else _content(agreement, rows)
    if "day" in rows.columns:
        return rows.select(*OWN, "day", **columns)
    rows = rows.select(*OWN, **columns, utc_seconds=seconds(rows.occurred_at))
    day = local_day(rows.utc_seconds, agreement.zone, until=moment.until)
    return rows.select(*OWN, *columns, day=day)


def chosen(
    agreement: Agreement, names: Sequence[str], where: Mapping[str, Test], rows: ir.Table
) -> ir.BooleanValue:
    """Whether a row is one of those events and passes the tests of its properties."""
    tests = [
        _of_content(agreement, name, test, rows)
        if name in CONTENT_PROPERTIES
        else holds(test, rows[name])
        for name, test in where.items()
    ]
    if ANY not in names:
        tests.insert(0, _is_named(names, rows))
    return ibis.and_(*tests) if tests else rows.event.notnull()


def told(agreement: Agreement, name: str, rows: ir.Table) -> ir.Value:
    """A property of the log; of `kind` and `phase` what the content gives, or else the event."""
    if name not in CONTENT_PROPERTIES:
        return rows[name]
    given = [(n, getattr(content, name)) for n, content in enumerate(agreement.content, start=1)]
    past = len(agreement.content) + 1
    branches = [
        (rows.content.isin([number, number + past]), value)
        for number, value in given
        if value is not None
    ]
    return ibis.cases(*branches, else_=rows[name].cast("string")) if branches else rows[name]


def _is_named(names: Sequence[str], rows: ir.Table) -> ir.BooleanValue:
    if SIGNS_OF_LIFE not in names:
        return rows.event == names[0] if len(names) == 1 else rows.event.isin(names)
    return rows.event.notin(sorted(NOT_THE_LEADS - set(names)))


def _own(rows: ir.Table, name: str) -> ir.StringValue:
    return rows[name] if name in rows.columns else ibis.null("string")


def _content(agreement: Agreement, rows: ir.Table) -> ir.IntegerValue:
    """The number of the first content that matches, from 1; 0 when none does.

    Past them the same again for events that say a kind or a phase of their own.
    """
    branches = [
        (ibis.and_(*(holds(test, rows[name]) for name, test in content.where.items())), number)
        for number, content in enumerate(agreement.content, start=1)
    ]
    number = ibis.cases(*branches, else_=0) if branches else ibis.literal(0)
    own = ibis.or_(*(_own(rows, name).notnull() for name in CONTENT_PROPERTIES))
    return number + ibis.cases((own, len(agreement.content) + 1), else_=0)


def _of_content(agreement: Agreement, name: str, test: Test, rows: ir.Table) -> ir.BooleanValue:
    """Whether the kind or phase passes: what the content gives, or else the event's own."""
    given = [None, *(getattr(content, name) for content in agreement.content)]
    past = len(given)
    passing: list[int] = []
    asked: list[int] = []
    for number, value in enumerate(given):
        if test.holds(value):
            passing.append(number)
        if value is None:
            asked.append(number + past)
        elif test.holds(value):
            passing.append(number + past)
    own = rows.content.isin(asked) & holds(test, rows[name])
    return rows.content.isin(passing) | own if passing else own
