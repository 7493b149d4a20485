"""Visits in columns: where each begins, which it is, how long the lead was away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.rules import Visits
from passerelle.relations.log import log
from passerelle.relations.moments import Moment


def visit_marks(
    agreement: Agreement, events: ir.Table, moment: Moment, properties: Collection[str] = ()
) -> ir.Table:
    """Each event of a visit with `visit` (its number), `begins`, `previous` and `began`."""
    rows = log(agreement, events, moment, agreement.visits.events, properties)
    order = [rows.occurred_at, rows.id]
    rows = rows.mutate(previous=rows.occurred_at.lag().over(group_by=rows.lead, order_by=order))
    begins = rows.previous.isnull() | (
        rows.occurred_at >= rows.previous + interval(agreement.visits.gap)
    )
    rows = rows.mutate(begins=begins)
    so_far = ibis.window(group_by=rows.lead, order_by=[rows.occurred_at, rows.id], rows=(None, 0))
    return rows.mutate(
        visit=rows.begins.cast("int64").sum().over(so_far),
        began=ibis.cases((rows.begins, rows.occurred_at)).max().over(so_far),
    )


def is_occurrence(asked: Visits, gap: timedelta, marks: ir.Table) -> ir.BooleanValue:
    """Whether what a rule asks of visits happens at this very event."""
    if asked.lasts is not None:
        line = marks.began + interval(asked.lasts)
        before = ~marks.begins & (marks.previous >= line)
        return (marks.occurred_at >= line) & ~before
    if not asked.returning:
        return marks.begins
    back = marks.begins & marks.previous.notnull()
    back &= marks.occurred_at >= marks.previous + interval(asked.after or gap)
    if asked.within is not None:
        back &= marks.occurred_at < marks.previous + interval(asked.within)
    return back.fill_null(False)


def interval(span: timedelta) -> ir.IntervalScalar:
    """An exact duration."""
    return ibis.interval(seconds=int(span.total_seconds()))
