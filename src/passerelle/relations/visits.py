"""Visits in columns: where each begins, which it is, how long the lead was away."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis.expr.builders import WindowBuilder

from passerelle.core.agreement import Agreement
from passerelle.core.rules import PERSON, VISIT, CountingRule, DistinctRule, VisitRule, Visits
from passerelle.relations.log import log
from passerelle.relations.moments import Moment


def visit_marks(
    agreement: Agreement, events: ir.Table, moment: Moment, *, after: int | None = None
) -> ir.Table:
    """Each event of a visit: `begins`, `previous`, and `began` where a rule asks for it.

    All rules about visits share these rows, with every property one of them tests; unless only
    what is later than the day `after` is asked for, as if nothing had been before.
    """
    counted = [r for r in agreement.rules if isinstance(r, DistinctRule) and r.distinct.of == VISIT]
    rules = [rule for rule in agreement.rules if isinstance(rule, VisitRule)]
    needed = {name for rule in rules for name in properties_of(rule)}
    needed |= {name for rule in counted for name in rule.distinct.where}
    # Of events at one instant the one with the smaller id comes first.
    ids = ["id"] if are_ordered_by_id(agreement) else []
    rows = log(agreement, events, moment, agreement.visits.events, {*needed, *ids})
    if after is not None:
        rows = rows.filter(rows.day > after)
    order = [rows[name] for name in ("occurred_at", *ids)]
    previous = rows.occurred_at.lag().over(group_by=rows.lead, order_by=order)
    rows = rows.mutate(previous=previous)
    begins = rows.previous.isnull() | (
        rows.occurred_at >= rows.previous + interval(agreement.visits.gap)
    )
    rows = rows.mutate(begins=begins)
    if not any(rule.visit.lasts for rule in rules):
        return rows
    began = ibis.cases((rows.begins, rows.occurred_at)).max().over(_so_far(rows))
    return rows.mutate(began=began)


def are_ordered_by_id(agreement: Agreement) -> bool:
    """Whether it matters which of two events at one instant comes first."""
    return any(isinstance(rule, VisitRule) and rule.where for rule in agreement.rules)


def visits_of(marks: ir.Table, here: ir.BooleanValue) -> ir.Table:
    """The marks for which `here` holds, with `visit`, the number of their visit."""
    marks = marks.mutate(here=here)
    # Only what begins a visit or is asked for is counted through.
    rows = marks.filter(marks.begins | marks.here)
    rows = rows.mutate(visit=rows.begins.cast("int64").sum().over(_so_far(rows)))
    return rows.filter(rows.here)


def _so_far(rows: ir.Table) -> WindowBuilder:
    order = [rows[name] for name in ("occurred_at", "id") if name in rows.columns]
    return ibis.window(group_by=rows.lead, order_by=order, rows=(None, 0))


def properties_of(rule: CountingRule) -> set[str]:
    """The event properties a rule reads."""
    return {*rule.where, *([rule.first_only] if rule.first_only else [])} - {PERSON}


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
