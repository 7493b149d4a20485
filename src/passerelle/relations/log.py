"""The log as the agreement sees it: the events a rule asks for, with local day, kind and phase."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.core.conditions import Test
from passerelle.relations.calendar import local_day, seconds
from passerelle.relations.conditions import holds
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs, properties_outside_content, property_types

ANY = "*"
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
    rows = moment.known(events, *([] if ANY in asked else [events.event.isin(asked)]))
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


def marked(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """The whole log, once, with `day` and `content`, to be kept and read in place of `events`.

    Relations over `events` mark what they read each time; over this table they only read.
    """
    content = {name for name in CONTENT_PROPERTIES if agreement.content}
    tested = {name for one in agreement.content for name in one.where}
    own = set(property_types(agreement)) - (tested - properties_outside_content(agreement))
    needed = {*own, *content, "id"} & {*inputs.events.columns, *CONTENT_PROPERTIES}
    return log(agreement, inputs.events, moment, (ANY,), needed)


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
        named = rows.event == names[0] if len(names) == 1 else rows.event.isin(names)
        tests.insert(0, named)
    return ibis.and_(*tests) if tests else rows.event.notnull()


def _own(rows: ir.Table, name: str) -> ir.StringValue:
    return rows[name] if name in rows.columns else ibis.null("string")


def _content(agreement: Agreement, rows: ir.Table) -> ir.IntegerValue:
    """The number of the first content that matches, from 1; 0 when none does."""
    branches = [
        (ibis.and_(*(holds(test, rows[name]) for name, test in content.where.items())), number)
        for number, content in enumerate(agreement.content, start=1)
    ]
    return ibis.cases(*branches, else_=0) if branches else ibis.literal(0)


def _of_content(agreement: Agreement, name: str, test: Test, rows: ir.Table) -> ir.BooleanValue:
    """Whether the kind or phase passes: what the content gives, or else the event's own."""
    given = [getattr(content, name) for content in agreement.content]
    passing = [n for n, value in enumerate(given, start=1) if value and test.holds(value)]
    silent = [0, *(n for n, value in enumerate(given, start=1) if value is None)]
    own = rows.content.isin(silent) & holds(test, rows[name])
    return rows.content.isin(passing) | own if passing else own
