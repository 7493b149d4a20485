"""What each lead's log holds for each rule at each look, as columns to add up.

For a rule `r`: `granted__r` and `left__r` (points before and after fading), `count__r` (what counts
in the window), `day__r` (the local day that matters last). Every part is a table by the keys of
the moment; `evidence` joins them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import Decay, Expiry, HalfLife, LinearDecay, StepDecay
from passerelle.core.rules import (
    CountingRule,
    Distinct,
    DistinctRule,
    EventRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.core.worth import VISIT
from passerelle.relations.grants import grants, is_sequential, occurs
from passerelle.relations.log import chosen, log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs
from passerelle.relations.visits import interval, visit_marks

Columns = dict[str, ir.Value]


def rule_evidence(agreement: Agreement, inputs: Inputs, moment: Moment) -> Iterator[ir.Table]:
    """The parts of the evidence for rules about events, each by the keys of the moment."""
    counting = [rule for rule in agreement.rules if isinstance(rule, CountingRule)]
    plain = [r for r in counting if isinstance(r, EventRule) and not is_sequential(r)]
    silent = [rule for rule in agreement.rules if isinstance(rule, InactivityRule)]
    if plain or silent:
        yield _plain(agreement, inputs, moment, plain, silent)
    sequential = [rule for rule in counting if is_sequential(rule)]
    rows = grants(agreement, inputs, moment, sequential)
    if rows is not None:
        yield _of_grants(agreement, moment, rows, sequential)
    for rule in agreement.rules:
        if isinstance(rule, DistinctRule):
            yield _of_distinct(agreement, inputs, moment, rule)
        if isinstance(rule, VelocityRule):
            yield _of_velocity(agreement, inputs, moment, rule)


def left_of(points: ir.Value, decay: Decay | None, age: ir.Value) -> ir.Value:
    """What is left of points after `age` whole days."""
    match decay:
        case None:
            return points
        case HalfLife(days=days):
            return points * ibis.literal(0.5) ** (age / float(days))
        case LinearDecay(percent=percent, per=per):
            return points * ibis.greatest(0.0, 1.0 - float(percent) / 100 * age / float(per))
        case StepDecay(percent=percent, every=every):
            steps = (age / every).floor()
            return points * ibis.greatest(0.0, 1.0 - float(percent) / 100 * steps)
        case Expiry(days=days):
            return ibis.cases((age < days, points), else_=0.0)


def _plain(
    agreement: Agreement,
    inputs: Inputs,
    moment: Moment,
    rules: Sequence[EventRule],
    silent: Sequence[InactivityRule],
) -> ir.Table:
    """Rules for which each occurrence stands for itself: one pass over the log."""
    names = {name for rule in rules for name in rule.event}
    names |= {name for rule in silent for name in rule.inactive.events}
    rows = moment.look(log(agreement, inputs.events, moment, names))
    columns: Columns = {}
    for rule in rules:
        points = ibis.literal(float(rule.points or 0))
        here = occurs(rule, rows) & _remembered(agreement, rule, rows)
        columns |= _sums(rule, here, points, rows.age)
    for quiet in silent:
        here = chosen(quiet.inactive.events, {}, rows)
        columns[f"day__{quiet.key}"] = ibis.cases((here, rows.day)).max()
    return rows.group_by(*moment.keys).aggregate(**columns)


def _of_grants(
    agreement: Agreement, moment: Moment, rows: ir.Table, rules: Sequence[CountingRule]
) -> ir.Table:
    rows = moment.look(rows)
    columns: Columns = {}
    for rule in rules:
        here = (rows.rule == rule.key) & _remembered(agreement, rule, rows)
        columns |= _sums(rule, here, rows.points, rows.age)
    return rows.group_by(*moment.keys).aggregate(**columns)


def _sums(rule: CountingRule, here: ir.BooleanValue, points: ir.Value, age: ir.Value) -> Columns:
    """Granted and left points of a rule, or how many times it counts, over the rows of a lead."""
    in_window = here if rule.window is None else here & (age < rule.window)
    if rule.counts is not None:
        return {f"count__{rule.key}": ibis.cases((in_window, 1), else_=0).sum()}
    columns = {f"granted__{rule.key}": ibis.cases((here, points)).sum()}
    if rule.window is not None or rule.decay is not None:
        left = left_of(points, rule.decay, age)
        columns[f"left__{rule.key}"] = ibis.cases((in_window, left)).sum()
    return columns


def _of_distinct(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: DistinctRule
) -> ir.Table:
    asked = rule.distinct
    if asked.of == VISIT:
        rows = visit_marks(agreement, inputs.events, moment)
    else:
        rows = log(agreement, inputs.events, moment, asked.events)
    rows = rows.filter(chosen(asked.events, asked.where, rows))
    rows = moment.look(rows.mutate(different=_identity(asked, rows)))
    rows = rows.filter(rows.different.notnull(), _remembered(agreement, rule, rows))
    if rule.window is not None:
        rows = rows.filter(rows.age < rule.window)
    once = rows.select(*moment.keys, "different").distinct()
    return once.group_by(*moment.keys).aggregate(**{f"count__{rule.key}": once.count()})


def _identity(asked: Distinct, rows: ir.Table) -> ir.Value:
    match asked.of:
        case "visit":
            return rows.visit
        case "day":
            return rows.day
        case "event":
            return rows.event
    return rows[asked.of].cast("string").nullif("")


def _of_velocity(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: VelocityRule
) -> ir.Table:
    asked = rule.velocity
    rows = log(agreement, inputs.events, moment, asked.events)
    rows = rows.filter(chosen(asked.events, asked.where, rows))
    first = rows.occurred_at.lag(asked.at_least - 1).over(
        group_by=rows.lead, order_by=[rows.occurred_at, rows.id]
    )
    rows = rows.mutate(first=first)
    rows = rows.filter(rows.occurred_at < rows.first + interval(asked.within))
    rows = moment.look(rows.select("lead", "occurred_at", "day"))
    rows = rows.filter(_remembered(agreement, rule, rows))
    return rows.group_by(*moment.keys).aggregate(**{f"day__{rule.key}": rows.day.max()})


def _remembered(agreement: Agreement, rule: Rule, rows: ir.Table) -> ir.BooleanValue:
    """Whether a row is later than the instant at which the rule's dimension was set."""
    since = f"since__{agreement.dimension_of(rule)}"
    if since not in rows.columns:
        return ibis.literal(True)
    return rows[since].isnull() | (rows.occurred_at > rows[since])
