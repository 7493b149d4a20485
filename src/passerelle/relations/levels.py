"""Levels in columns: rules held by their lines, then groups, dimensions, and the total.

Every intermediate result is a column of its own, so that the ledger is there to read:
`granted__RULE`, `left__RULE`, `held__RULE`, `group__GROUP`, `sum__DIMENSION`,
`level__DIMENSION`, `sum__total`, `level__total` and `grade`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.ranges import MILLIONTH, Range
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
from passerelle.relations.evidence import sequential_evidence
from passerelle.relations.fading import left_of
from passerelle.relations.fields import looks
from passerelle.relations.measures import (
    Columns,
    Measure,
    measured,
    rule_measures,
    trigger_measures,
)
from passerelle.relations.moments import Moment, instant
from passerelle.relations.tables import Inputs
from passerelle.relations.triggers import (
    freezes,
    is_triggered,
    settings,
    with_freezes,
    with_settings,
)


def is_seen_from_the_past(agreement: Agreement) -> bool:
    """Whether events freeze or set levels, so that leads are not all seen from one instant."""
    return bool(freezes(agreement.overrides) or settings(agreement.overrides))


def level_measures(agreement: Agreement) -> list[Measure]:
    """What one pass over the log takes for the levels."""
    overrides = [o for o in agreement.overrides if o.event and (o.force or o.floor)]
    return rule_measures(agreement) + trigger_measures(agreement, overrides)


def seen_from(agreement: Agreement, inputs: Inputs, moment: Moment) -> Moment:
    """The moment from which levels are seen: with freezes and settings, when there are any."""
    if not is_seen_from_the_past(agreement):
        return moment
    asks = moment.asks
    if asks is None:
        at = instant(moment.until)
        asks = inputs.leads.select(
            "lead", as_of=at, seen_at=at, today=ibis.literal(moment.today, "int64")
        )
    moment = replace(moment, asks=asks)
    return with_settings(agreement, inputs, with_freezes(agreement, inputs, moment))


def level_evidence(
    agreement: Agreement, inputs: Inputs, moment: Moment, besides: Iterable[Measure] = ()
) -> ir.Table:
    """One row a look: its keys, the tested fields, and all evidence, null where there is none."""
    parts = [
        measured(agreement, inputs, moment, [*level_measures(agreement), *besides]),
        *sequential_evidence(agreement, inputs, moment),
    ]
    return joined(looks(agreement, inputs, moment), parts, moment)


def joined(rows: ir.Table, parts: Iterable[ir.Table | None], moment: Moment) -> ir.Table:
    """The rows with the columns of every part, null where a part has none for a look."""
    both, columns = rows, list(rows.columns)
    for number, part in enumerate(part for part in parts if part is not None):
        both = both.left_join(part, list(moment.keys), rname=f"{{name}}_{number}")
        columns += [name for name in part.columns if name not in moment.keys]
    return both.select(columns)


def with_levels(agreement: Agreement, rows: ir.Table) -> ir.Table:
    """A table of evidence with every level and its parts, one kind of line after the other."""
    return with_lines(agreement, rows.mutate(**worths(agreement, agreement.rules, rows)))


def with_lines(agreement: Agreement, rows: ir.Table) -> ir.Table:
    """What rules hold, taken through the lines of groups, dimensions and the total.

    `held__RULE` is what one rule holds; `held_in__PLACE` what several rules of a place hold
    together (see `place_of`), and `matched_in__DIMENSION` whether any of them matched.
    """
    if agreement.groups:
        rows = rows.mutate(**_groups(agreement, rows))
    rows = rows.mutate(
        **{f"sum__{key}": _sum(agreement, key, rows) for key in agreement.dimensions}
    )
    rows = rows.mutate(
        **{
            f"level__{key}": _overridden(
                agreement, key, held(rows[f"sum__{key}"], *dimension.range), rows
            )
            for key, dimension in agreement.dimensions.items()
        }
    )
    weighted = [
        rows[f"level__{key}"] * float(agreement.weight_of(key))
        for key in agreement.total.dimensions
    ]
    rows = rows.mutate(**{f"sum__{TOTAL}": _added(weighted)})
    total = held(rows[f"sum__{TOTAL}"], *agreement.total.range)
    rows = rows.mutate(**{f"level__{TOTAL}": _overridden(agreement, TOTAL, total, rows)})
    return rows.mutate(grade=_grade(agreement, rows))


def level_names(agreement: Agreement) -> list[str]:
    """The columns that `with_levels` gives, as the ledger and its readers know them."""
    rules = [
        f"{what}__{rule.key}" for rule in agreement.rules for what in ("granted", "left", "held")
    ]
    groups = [f"group__{key}" for key in agreement.groups]
    levels = [
        f"{what}__{key}" for key in (*agreement.dimensions, TOTAL) for what in ("sum", "level")
    ]
    return [*rules, *groups, *levels, "grade"]


def place_of(agreement: Agreement, rule: Rule) -> str:
    """Where a rule's points are added up first: its group, or else its dimension."""
    return f"group__{rule.group}" if rule.group else f"dimension__{agreement.dimension_of(rule)}"


def worths(agreement: Agreement, rules: Iterable[Rule], rows: ir.Table) -> Columns:
    """By rule what it granted, what is left of it, and what its own lines leave."""
    columns: Columns = {}
    for rule in rules:
        granted, left, matched = _worth(rule, rows)
        columns[f"granted__{rule.key}"] = _as_points(granted)
        columns[f"left__{rule.key}"] = _as_points(left)
        columns[f"held__{rule.key}"] = _as_points(held(left, rule.min, rule.max))
        if agreement.dimensions[agreement.dimension_of(rule)].unscored:
            columns[f"matched__{rule.key}"] = matched
    return columns


def _groups(agreement: Agreement, rows: ir.Table) -> Columns:
    columns: Columns = {}
    for key, group in agreement.groups.items():
        members = _held_in(agreement, f"group__{key}", rows)
        columns[f"group__{key}"] = held(_added(members), group.min, group.max)
    return columns


def _held_in(agreement: Agreement, place: str, rows: ir.Table) -> list[ir.Value]:
    names = [f"held__{r.key}" for r in agreement.rules if place_of(agreement, r) == place]
    return [rows[name] for name in (*names, f"held_in__{place}") if name in rows.columns]


def _grade(agreement: Agreement, rows: ir.Table) -> ir.StringValue:
    """The combined grade: of each ladder the letter whose line the level reaches."""
    label: ir.StringValue = ibis.literal("")
    for level, ladder in agreement.grades.items():
        label = label + _letter(ladder, rows[f"level__{level}"])
    return label


def _as_points(column: ir.Value) -> ir.Value:
    return column if column.type().is_floating() else column.cast("float64")


def _worth(rule: Rule, rows: ir.Table) -> tuple[ir.Value, ir.Value, ir.BooleanValue]:
    """What a rule granted, what is left of it, and whether it matched."""
    key = rule.key
    match rule:
        case FieldRule():
            points = _case_points(rule, rows[rule.field])
            known = points.fill_null(0.0)
            return known, known, points.notnull()
        case CountingRule(counts=bands) if bands is not None:
            return banded([(band.range, band.points) for band in bands], rows[f"count__{key}"])
        case CountingRule():
            granted = rows[f"raw_granted__{key}"]
            faded = f"raw_left__{key}"
            left = rows[faded] if faded in rows.columns else granted
            return granted.fill_null(0.0), left.fill_null(0.0), granted.notnull()
        case DistinctRule():
            return banded(rule.bands, rows[f"count__{key}"])
        case VelocityRule():
            return _of_burst(rule, rows)
        case InactivityRule():
            silence = rows.today - rows[f"day__{key}"] - rule.inactive.span
            every = rule.inactive.every
            times = 1.0 if every is None else 1.0 + (silence / every).floor()
            silent = (silence >= 0).fill_null(False)
            points = ibis.cases((silent, times * float(rule.points)), else_=0.0)
            return points, points, silent


def _of_burst(rule: VelocityRule, rows: ir.Table) -> tuple[ir.Value, ir.Value, ir.BooleanValue]:
    day = rows[f"day__{rule.key}"]
    age = rows.today - day
    points = ibis.literal(float(rule.points))
    open_ = day.notnull() if rule.window is None else (age < rule.window).fill_null(False)
    return (
        ibis.cases((day.notnull(), points), else_=0.0),
        ibis.cases((open_, left_of(points, rule.decay, age)), else_=0.0),
        day.notnull(),
    )


def _case_points(rule: FieldRule, column: ir.Value) -> ir.Value:
    branches = [(holds(test, column), float(points)) for test, points in rule.cases]
    return ibis.cases(*branches)


def banded(
    bands: Iterable[tuple[Range, Decimal]], counted: ir.Value
) -> tuple[ir.Value, ir.Value, ir.BooleanValue]:
    """The points of the band that holds a number, twice, and whether there are any."""
    branches = [(in_range(line, counted.fill_null(0)), float(points)) for line, points in bands]
    points = ibis.cases(*branches, else_=0.0)
    return points, points, points != 0.0


def held(points: ir.Value, low: Decimal | None, high: Decimal | None) -> ir.Value:
    """Points held between a lower and an upper line, where there are such lines."""
    if low is not None:
        points = ibis.greatest(points, float(low))
    return points if high is None else ibis.least(points, float(high))


def _sum(agreement: Agreement, dimension: str, rows: ir.Table) -> ir.Value:
    """The groups of a dimension and its rules without a group; `unscored` when none matched."""
    groups = [key for key, group in agreement.groups.items() if group.dimension == dimension]
    parts = [rows[f"group__{key}"] for key in groups]
    parts += _held_in(agreement, f"dimension__{dimension}", rows)
    start = rows[f"start__{dimension}"] if f"start__{dimension}" in rows.columns else None
    if start is not None:
        parts.append(start.fill_null(0.0))
    points = _added(parts)
    unscored = float(agreement.dimensions[dimension].unscored)
    if not unscored:
        return points
    names = [f"matched__{rule.key}" for rule in agreement.rules_in(dimension)]
    names.append(f"matched_in__{dimension}")
    reasons = [rows[name] for name in names if name in rows.columns]
    if start is not None:
        reasons.append(start.notnull())
    return ibis.cases((ibis.or_(*reasons), points), else_=points + unscored)


def _overridden(agreement: Agreement, level: str, points: ir.Value, rows: ir.Table) -> ir.Value:
    for override in agreement.overrides:
        if level in override.floors:
            here = is_triggered(override, rows)
            floor = ibis.greatest(points, float(override.floors[level]))
            points = ibis.cases((here, floor), else_=points)
    forced = [
        (is_triggered(override, rows), float(override.forced[level]))
        for override in agreement.overrides
        if level in override.forced
    ]
    return ibis.cases(*forced, else_=points) if forced else points


def _letter(ladder: Mapping[str, Decimal], level: ir.Value) -> ir.StringValue:
    branches = [
        (level >= float(line) - float(MILLIONTH), letter) for letter, line in ladder.items()
    ]
    return ibis.cases(*branches, else_=list(ladder)[-1])


def _added(parts: list[ir.Value]) -> ir.Value:
    total: ir.Value = ibis.literal(0.0)
    for part in parts:
        total = total + part
    return total
