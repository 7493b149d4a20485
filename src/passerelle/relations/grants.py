"""What counts, in columns: first only, then cool-down, then limit, as it happened.

A grant is a row `(lead, rule, occurred_at, day, points)`: points that a rule granted for one
occurrence, whatever the instant from which it is looked at later.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import Limit, Validity
from passerelle.core.rules import PERSON, CountingRule, EventRule, VisitRule
from passerelle.relations.calendar import day_number, period
from passerelle.relations.cool_down import cooled
from passerelle.relations.log import chosen, log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs
from passerelle.relations.visits import is_occurrence, properties_of, visit_marks

COLUMNS = ("lead", "rule", "occurred_at", "day", "points")


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
    parts = [
        _of_event_rule(agreement, inputs, moment, r) for r in rules if isinstance(r, EventRule)
    ]
    visits = [rule for rule in rules if isinstance(rule, VisitRule)]
    if visits:
        marks = visit_marks(agreement, inputs.events, moment)
        parts += [
            _of_rule(rule, marks.filter(_of_visit(agreement, rule, marks))) for rule in visits
        ]
    return ibis.union(*parts) if len(parts) > 1 else next(iter(parts), None)


def _of_event_rule(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: EventRule
) -> ir.Table:
    rows = log(agreement, inputs.events, moment, rule.event, properties_of(rule))
    return _of_rule(rule, rows.filter(occurs(agreement, rule, rows)))


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


def _of_rule(rule: CountingRule, rows: ir.Table) -> ir.Table:
    if rule.first_only is not None:
        rows = _first_only(rows, rule.first_only)
    if rule.cool_down is not None:
        rows = cooled(rows, rule.cool_down)
    points = ibis.literal(float(rule.points or 0), "float64")
    if rule.limit is not None:
        rows, points = _limited(rows, float(rule.points or 0), rule.limit)
    return rows.mutate(rule=ibis.literal(rule.key), points=points).select(*COLUMNS)


def _first_only(rows: ir.Table, of: str) -> ir.Table:
    by = [rows.lead]
    if of != PERSON:
        rows = rows.filter(rows[of].notnull() & (rows[of].cast("string") != ""))
        by = [rows.lead, rows[of]]
    place = ibis.row_number().over(group_by=by, order_by=rows.occurred_at)
    rows = rows.mutate(place=place)
    return rows.filter(rows.place == 0).drop("place")


def _limited(rows: ir.Table, points: float, limit: Limit) -> tuple[ir.Table, ir.FloatingValue]:
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
