"""From rules to levels: points are held by lines in one order, rule, group, dimension, total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.ledger import Entry, EntryKind, Levels, RuleWorth
from passerelle.core.log import Instant, Log
from passerelle.core.plan import DimensionPlan, Plan
from passerelle.core.ranges import MILLIONTH, within
from passerelle.core.stages import TOTAL, Override
from passerelle.core.triggers import frozen_at, latest_setting, triggered
from passerelle.core.worth import ZERO

_Enter = Callable[[EntryKind, str, Decimal], Decimal]


def levels_at(log: Log, as_of: datetime) -> Levels:
    """Every level of the lead at `as_of`, and the entries of its ledger."""
    agreement, at = log.agreement, log.at(as_of)
    if agreement.overrides:
        at = log.at(min([as_of, *frozen_at(agreement, at)]))
    holding = [o for o in agreement.overrides if triggered(o, at)]
    plan = agreement.once(Plan)
    entries: list[Entry] = []
    worths: list[RuleWorth] = []
    dimensions = {
        one.key: _dimension(agreement, one, at, holding, entries, worths) for one in plan.dimensions
    }
    total = _total(agreement, plan, dimensions, holding, entries)
    grade = grade_of(agreement, {**dimensions, TOTAL: total}) if agreement.grades else ""
    return Levels(at.as_of, dimensions, total, grade, tuple(entries), tuple(worths))


def grade_of(agreement: Agreement, levels: Mapping[str, Decimal]) -> str:
    """The combined grade: of each ladder the letter whose line the level reaches."""
    return "".join(_letter(ladder, levels[level]) for level, ladder in agreement.grades.items())


def _letter(ladder: Mapping[str, Decimal], level: Decimal) -> str:
    reached = (letter for letter, line in ladder.items() if level >= line - MILLIONTH)
    return next(reached, list(ladder)[-1])


def _dimension(
    agreement: Agreement,
    plan: DimensionPlan,
    at: Instant,
    holding: Sequence[Override],
    entries: list[Entry],
    worths: list[RuleWorth],
) -> Decimal:
    key = plan.key

    def enter(kind: EntryKind, of: str, points: Decimal) -> Decimal:
        if points:
            entries.append(Entry(key, kind, of, points))
        return points

    by_group = dict(plan.groups)
    start = latest_setting(agreement, key, at) if agreement.overrides else None
    since, matched = None, start is not None
    if start is not None:
        since = start[0].occurred_at
        by_group[None] = dict(start[1].set_ or {})[key]
        entries.append(Entry(key, "set", start[1].key, by_group[None]))  # even to nothing
    for rule in plan.rules:
        worth = rule.at(at, since)
        worths.append(worth)
        if worth is rule.nothing and not worth.points:
            continue
        of, _, granted, left, points = worth
        matched = matched or worth is not rule.nothing
        if granted:
            entries.append(Entry(key, "granted", of, granted))
        if left != granted:
            entries.append(Entry(key, "faded", of, left - granted))
        if points is not left:
            entries.append(Entry(key, "rule_line", of, points - left))
        by_group[rule.group] += points
    points = ZERO
    for group, subtotal in by_group.items():
        lines = agreement.groups[group] if group else None
        held = within(subtotal, lines.min, lines.max) if lines else subtotal
        enter("group_line", group or "", held - subtotal)
        points += held
    if not matched:
        points += enter("unscored", key, plan.dimension.unscored)
    held = within(points, *plan.dimension.range)
    enter("dimension_line", key, held - points)
    return _overridden(key, held, holding, enter)


def _total(
    agreement: Agreement,
    plan: Plan,
    dimensions: Mapping[str, Decimal],
    holding: Sequence[Override],
    entries: list[Entry],
) -> Decimal:
    def enter(kind: EntryKind, of: str, points: Decimal) -> Decimal:
        if points:
            entries.append(Entry(TOTAL, kind, of, points))
        return points

    points = ZERO
    for key, weight in plan.weights:
        points += enter("weight", key, weight * dimensions[key])
    held = within(points, *agreement.total.range)
    enter("total_line", TOTAL, held - points)
    return _overridden(TOTAL, held, holding, enter)


def _overridden(level: str, points: Decimal, holding: Sequence[Override], enter: _Enter) -> Decimal:
    for override in holding:
        if level in override.forced:
            return points + enter("override", override.key, override.forced[level] - points)
    for override in holding:
        if level in override.floors and override.floors[level] > points:
            points += enter("override", override.key, override.floors[level] - points)
    return points
