"""What counts, in columns: first only, then cool-down, then limit, as it happened.

A grant is a row `(lead, rule, occurred_at, day, points)`: points that a rule granted for one
occurrence, whatever the instant from which it is looked at later. Where only its day matters, the
grants of a day stand in one row, with how many they are, see `daily_grants`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import Limit, Validity
from passerelle.core.rules import PERSON, CountingRule, EventRule, VisitRule
from passerelle.relations.calendar import day_number, period
from passerelle.relations.cool_down import cooled
from passerelle.relations.log import chosen, log, told
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs
from passerelle.relations.visits import is_occurrence, properties_of, visit_marks


def is_sequential(rule: CountingRule) -> bool:
    """Whether what one occurrence gives depends on those before it."""
    return (
        isinstance(rule, VisitRule)
        or rule.first_only is not None
        or rule.cool_down is not None
        or rule.limit is not None
    )


def grants(
    agreement: Agreement, inputs: Inputs, moment: Moment, rules: Sequence[CountingRule]
) -> ir.Table | None:
    """The grants of those rules; None when there are no rules."""
    found = _occurrences(agreement, inputs, moment, rules)
    return _together([_told(rule, *_limited(rule, rows)) for rule, rows in found])


def daily_grants(
    agreement: Agreement, inputs: Inputs, moment: Moment, rules: Sequence[CountingRule]
) -> ir.Table | None:
    """Rows `(lead, rule, day, times, points)`: all that those rules granted on a day."""
    parts = []
    for rule, rows in _occurrences(agreement, inputs, moment, rules):
        if rule.limit is None:
            points = ibis.literal(float(rule.points or 0), "float64")
            parts.append(_told(rule, rows, points, times=ibis.literal(1, "int64")))
        else:
            parts.append(_told(rule, *_limited_by_day(rule, rule.limit, rows)))
    return _together(parts)


def _together(parts: Sequence[ir.Table]) -> ir.Table | None:
    return ibis.union(*parts) if len(parts) > 1 else next(iter(parts), None)


def _told(
    rule: CountingRule, rows: ir.Table, points: ir.Value, times: ir.Value | None = None
) -> ir.Table:
    of = {"rule": ibis.literal(rule.key), "points": points}
    if times is None:
        return rows.select("lead", "occurred_at", "day", **of)
    return rows.select("lead", "day", **of, times=times)


def _occurrences(
    agreement: Agreement, inputs: Inputs, moment: Moment, rules: Sequence[CountingRule]
) -> Iterator[tuple[CountingRule, ir.Table]]:
    """By rule the occurrences that are neither repeated nor too soon."""
    for rule in rules:
        if isinstance(rule, EventRule):
            rows = log(agreement, inputs.events, moment, rule.event, properties_of(rule))
            yield rule, _counted(agreement, rule, rows.filter(occurs(agreement, rule, rows)))
    visits = [rule for rule in rules if isinstance(rule, VisitRule)]
    if visits:
        marks = visit_marks(agreement, inputs.events, moment)
        for visit in visits:
            yield (
                visit,
                _counted(agreement, visit, marks.filter(_of_visit(agreement, visit, marks))),
            )


def occurs(agreement: Agreement, rule: EventRule, rows: ir.Table) -> ir.BooleanValue:
    """Whether a row of the log is an occurrence for the rule."""
    return ibis.and_(chosen(agreement, rule.event, rule.where, rows), *_valid(rule.valid, rows))


def _of_visit(agreement: Agreement, rule: VisitRule, marks: ir.Table) -> ir.BooleanValue:
    return ibis.and_(
        is_occurrence(rule.visit, agreement.visits.gap, marks),
        chosen(agreement, ("*",), rule.where, marks),
        *_valid(rule.valid, marks),
    )


def _valid(validity: Validity, rows: ir.Table) -> list[ir.BooleanValue]:
    tests = []
    if validity.since is not None:
        tests.append(rows.day >= day_number(validity.since))
    if validity.until is not None:
        tests.append(rows.day <= day_number(validity.until))
    return tests


def _counted(agreement: Agreement, rule: CountingRule, rows: ir.Table) -> ir.Table:
    if rule.first_only is not None:
        rows = _first_only(agreement, rows, rule.first_only)
    if rule.cool_down is not None:
        rows = cooled(rows, rule.cool_down)
    return rows


def _first_only(agreement: Agreement, rows: ir.Table, of: str) -> ir.Table:
    by = ["lead"]
    if of != PERSON:
        rows = rows.mutate(**{of: told(agreement, of, rows)})
        rows = rows.filter(rows[of].notnull() & (rows[of].cast("string") != ""))
        by = ["lead", of]
    return rows.group_by(*by).aggregate(occurred_at=rows.occurred_at.min(), day=rows.day.min())


def _limited(rule: CountingRule, rows: ir.Table) -> tuple[ir.Table, ir.Value]:
    """The occurrences within the limit of their period, and the points of each."""
    points, limit = float(rule.points or 0), rule.limit
    if limit is None:
        return rows, ibis.literal(points, "float64")
    rows = rows.mutate(period=period(rows.day, limit.per))
    place = ibis.row_number().over(group_by=[rows.lead, rows.period], order_by=rows.occurred_at)
    rows = rows.mutate(before=place)
    if limit.times is not None:
        return rows.filter(rows.before < limit.times), ibis.literal(points, "float64")
    left = float(limit.points or 0) - rows.before * abs(points)
    rows = rows.mutate(left=left)
    rows = rows.filter(rows.left > 0)
    size = ibis.least(rows.left, abs(points))
    return rows, size if points > 0 else -size


def _limited_by_day(
    rule: CountingRule, limit: Limit, rows: ir.Table
) -> tuple[ir.Table, ir.Value, ir.Value]:
    """Days with occurrences within the limit, the points of each day and how many gave them."""
    each = abs(rule.points or Decimal(0))
    rows = rows.group_by("lead", "day").aggregate(number=rows.count())
    if limit.per == "day":
        rows = rows.mutate(before=ibis.literal(0, "int64"))
    else:
        rows = rows.mutate(period=period(rows.day, limit.per))
        so_far = ibis.window(group_by=[rows.lead, rows.period], order_by=rows.day, rows=(None, 0))
        rows = rows.mutate(before=rows.number.sum().over(so_far) - rows.number)
    if most := _most_times(limit, each):
        rows = rows.filter(rows.before < most)
        times = ibis.least(rows.number, most - rows.before)
    else:
        times = rows.number
    points = times * float(each)
    if limit.points is not None:
        points = ibis.least(points, float(limit.points) - rows.before * float(each))
    return rows, points if (rule.points or 0) > 0 else -points, times


def _most_times(limit: Limit, each: Decimal) -> int | None:
    """How many occurrences of a period give anything; None when there is no end to them."""
    if limit.points is None:
        return limit.times
    return ceil(limit.points / each) if each else None
