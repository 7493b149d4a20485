"""Levels in columns: rules held by their lines, then groups, dimensions, and the total.

Every intermediate column keeps its name, so that the ledger is there to read: `granted__RULE`,
`left__RULE`, `held__RULE`, `group__GROUP`, `sum__DIMENSION`, `level__DIMENSION`, `sum__total`,
`level__total` and `grade`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.ranges import MILLIONTH
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.core.stages import TOTAL
from passerelle.relations.conditions import holds, in_range
from passerelle.relations.evidence import left_of, rule_evidence
from passerelle.relations.fields import looks
from passerelle.relations.log import log
from passerelle.relations.moments import Moment, instant
from passerelle.relations.tables import Inputs
from passerelle.relations.triggers import (
    freezes,
    is_triggered,
    settings,
    trigger_columns,
    with_freezes,
    with_settings,
)

Columns = dict[str, ir.Value]


def levels(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """One row a look, with the keys of the moment, the fields, and every level and its parts."""
    seen = _seen_from(agreement, inputs, moment)
    rows = looks(agreement, inputs, seen)
    for part in rule_evidence(agreement, inputs, seen):
        rows = joined(rows, part, seen)
    rows = joined(rows, _override_events(agreement, inputs, seen), seen)
    rows = rows.mutate(**{n: c for rule in agreement.rules for n, c in _worth(rule, rows).items()})
    rows = rows.mutate(**_held_rules(agreement, rows))
    rows = rows.mutate(**_groups(agreement, rows))
    rows = rows.mutate(**_sums(agreement, rows))
    rows = rows.mutate(**_dimensions(agreement, rows, seen))
    rows = rows.mutate(**{f"sum__{TOTAL}": _total(agreement, rows)})
    held = _held(rows[f"sum__{TOTAL}"], *agreement.total.range)
    rows = rows.mutate(**{f"level__{TOTAL}": _overridden(agreement, TOTAL, held, rows, seen)})
    return rows.mutate(grade=_grade(agreement, rows))


def joined(rows: ir.Table, part: ir.Table | None, moment: Moment) -> ir.Table:
    """The rows with the columns of a part, null where the part has none."""
    if part is None:
        return rows
    both = rows.left_join(part, list(moment.keys))
    return both.drop(*(f"{key}_right" for key in moment.keys))


def _seen_from(agreement: Agreement, inputs: Inputs, moment: Moment) -> Moment:
    """The moment from which levels are seen: with freezes and settings, when there are any."""
    if not freezes(agreement.overrides) and not settings(agreement.overrides):
        return moment
    asks = moment.asks
    if asks is None:
        at = instant(moment.until)
        asks = inputs.leads.select(
            "lead", as_of=at, seen_at=at, today=ibis.literal(moment.today, "int64")
        )
    moment = Moment(moment.until, moment.today, asks, moment.known_at)
    return with_settings(agreement, inputs, with_freezes(agreement, inputs, moment))


def _override_events(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table | None:
    overrides = [o for o in agreement.overrides if o.event and (o.force or o.floor)]
    if not overrides:
        return None
    names = {name for override in overrides for name in override.event or ()}
    rows = moment.look(log(agreement, inputs.events, moment, names))
    return rows.group_by(*moment.keys).aggregate(**trigger_columns(overrides, rows))


def _worth(rule: Rule, rows: ir.Table) -> Columns:
    """`granted__`, `left__` and `matched__` of a rule."""
    key = rule.key
    match rule:
        case FieldRule():
            points = _case_points(rule, rows[rule.field])
            return _same(key, points, points.notnull())
        case CountingRule(counts=bands) if bands is not None:
            counted = rows[f"count__{key}"].fill_null(0)
            return _banded(key, [(b.range, b.points) for b in bands], counted)
        case CountingRule():
            granted = rows[f"granted__{key}"]
            fades = f"left__{key}" in rows.columns
            left = rows[f"left__{key}"] if fades else granted
            return {
                f"granted__{key}": granted.fill_null(0.0),
                f"left__{key}": left.fill_null(0.0),
                f"matched__{key}": granted.notnull(),
            }
        case DistinctRule():
            counted = rows[f"count__{key}"].fill_null(0)
            return _banded(key, list(rule.bands), counted)
        case VelocityRule():
            day = rows[f"day__{key}"]
            age = rows.today - day
            points = ibis.literal(float(rule.points))
            left = left_of(points, rule.decay, age)
            if rule.window is not None:
                left = ibis.cases((age < rule.window, left), else_=0.0)
            return {
                f"granted__{key}": ibis.cases((day.notnull(), points), else_=0.0),
                f"left__{key}": ibis.cases((day.notnull(), left), else_=0.0),
                f"matched__{key}": day.notnull(),
            }
        case InactivityRule():
            silence = rows.today - rows[f"day__{key}"] - rule.inactive.span
            every = rule.inactive.every
            times = 1 if every is None else 1 + (silence / every).floor()
            silent = (silence >= 0).fill_null(False)
            return _same(key, ibis.cases((silent, times * float(rule.points))), silent)


def _case_points(rule: FieldRule, column: ir.Value) -> ir.Value:
    branches = [(holds(test, column), float(points)) for test, points in rule.cases]
    return ibis.cases(*branches)


def _same(key: str, points: ir.Value, matched: ir.BooleanValue) -> Columns:
    points = points.fill_null(0.0)
    return {f"granted__{key}": points, f"left__{key}": points, f"matched__{key}": matched}


def _banded(key: str, bands: list[tuple[object, Decimal]], counted: ir.Value) -> Columns:
    branches = [(in_range(line, counted), float(points)) for line, points in bands]
    points = ibis.cases(*branches, else_=0.0)
    return _same(key, points, points != 0.0)


def _held(points: ir.Value, low: Decimal | None, high: Decimal | None) -> ir.Value:
    if low is not None:
        points = ibis.greatest(points, float(low))
    return points if high is None else ibis.least(points, float(high))


def _held_rules(agreement: Agreement, rows: ir.Table) -> Columns:
    return {
        f"held__{rule.key}": _held(rows[f"left__{rule.key}"], rule.min, rule.max)
        for rule in agreement.rules
    }


def _groups(agreement: Agreement, rows: ir.Table) -> Columns:
    columns: Columns = {}
    for key, group in agreement.groups.items():
        members = [rows[f"held__{r.key}"] for r in agreement.rules if r.group == key]
        columns[f"group__{key}"] = _held(_added(members), group.min, group.max)
    return columns


def _sums(agreement: Agreement, rows: ir.Table) -> Columns:
    """By dimension the sum of its groups and of its rules without a group, or `unscored`."""
    columns: Columns = {}
    for key, dimension in agreement.dimensions.items():
        rules = agreement.rules_in(key)
        parts = [rows[f"group__{g}"] for g, part in agreement.groups.items() if part.dimension == key]
        parts += [rows[f"held__{rule.key}"] for rule in rules if rule.group is None]
        matched = [rows[f"matched__{rule.key}"] for rule in rules]
        if f"start__{key}" in rows.columns:
            parts.append(rows[f"start__{key}"].fill_null(0.0))
            matched.append(rows[f"start__{key}"].notnull())
        points = _added(parts)
        if dimension.unscored:
            unscored = points + float(dimension.unscored)
            points = ibis.cases((~ibis.or_(*matched), unscored), else_=points)
        columns[f"sum__{key}"] = points
    return columns


def _dimensions(agreement: Agreement, rows: ir.Table, moment: Moment) -> Columns:
    return {
        f"level__{key}": _overridden(
            agreement, key, _held(rows[f"sum__{key}"], *dimension.range), rows, moment
        )
        for key, dimension in agreement.dimensions.items()
    }


def _total(agreement: Agreement, rows: ir.Table) -> ir.Value:
    return _added(
        [
            rows[f"level__{key}"] * float(agreement.weight_of(key))
            for key in agreement.total.dimensions
        ]
    )


def _overridden(
    agreement: Agreement, level: str, points: ir.Value, rows: ir.Table, moment: Moment
) -> ir.Value:
    for override in agreement.overrides:
        if level in override.floors:
            here = is_triggered(agreement, override, rows, moment)
            floor = ibis.greatest(points, float(override.floors[level]))
            points = ibis.cases((here, floor), else_=points)
    forced = [
        (is_triggered(agreement, override, rows, moment), float(override.forced[level]))
        for override in agreement.overrides
        if level in override.forced
    ]
    return ibis.cases(*forced, else_=points) if forced else points


def _grade(agreement: Agreement, rows: ir.Table) -> ir.StringValue:
    grade: ir.StringValue = ibis.literal("")
    for level, ladder in agreement.grades.items():
        grade = grade + _letter(ladder, rows[f"level__{level}"])
    return grade


def _letter(ladder: Mapping[str, Decimal], level: ir.Value) -> ir.StringValue:
    branches = [(level >= float(line) - float(MILLIONTH), letter) for letter, line in ladder.items()]
    return ibis.cases(*branches, else_=list(ladder)[-1])


def _added(parts: list[ir.Value]) -> ir.Value:
    total: ir.Value = ibis.literal(0.0)
    for part in parts:
        total = total + part
    return total
