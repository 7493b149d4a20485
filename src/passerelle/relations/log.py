"""The log as the agreement sees it: the events a rule asks for, with local day, kind and phase."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.core.conditions import Test
from passerelle.relations.calendar import local_day, seconds
from passerelle.relations.conditions import all_hold
from passerelle.relations.moments import Moment

ANY = "*"
OWN = ("lead", "id", "event", "occurred_at")


def log(
    agreement: Agreement,
    events: ir.Table,
    moment: Moment,
    names: Iterable[str],
    properties: Collection[str] = (),
) -> ir.Table:
    """The known events of those names: `lead`, `id`, `event`, `occurred_at`, `day`, properties.

    Only what is asked for is there, so that what is not asked for is not read.
    """
    asked = sorted(set(names))
    rows = moment.known(events)
    if ANY not in asked:
        rows = rows.filter(rows.event.isin(asked))
    columns = {name: rows[name] for name in sorted(set(properties) - set(CONTENT_PROPERTIES))}
    columns |= {
        name: _content(agreement, rows, name) for name in CONTENT_PROPERTIES if name in properties
    }
    columns = {name: column for name, column in columns.items() if name not in OWN}
    rows = rows.select(*OWN, **columns, utc_seconds=seconds(rows.occurred_at))
    day = local_day(rows.utc_seconds, agreement.zone, until=moment.until)
    return rows.select(*OWN, *columns, day=day)


def chosen(names: Sequence[str], where: Mapping[str, Test], rows: ir.Table) -> ir.BooleanValue:
    """Whether a row is one of those events and passes the tests of its properties."""
    tests = all_hold(where, rows)
    if ANY not in names:
        named = rows.event == names[0] if len(names) == 1 else rows.event.isin(names)
        tests.insert(0, named)
    return ibis.and_(*tests) if tests else rows.event.notnull()


def _content(agreement: Agreement, rows: ir.Table, name: str) -> ir.StringValue:
    """The kind or phase that the first matching content gives, or the event's own."""
    own = rows[name] if name in rows.columns else ibis.null("string")
    branches = [
        (
            ibis.and_(*all_hold(content.where, rows)),
            own if (given := getattr(content, name)) is None else ibis.literal(given),
        )
        for content in agreement.content
    ]
    return ibis.cases(*branches, else_=own) if branches else own
