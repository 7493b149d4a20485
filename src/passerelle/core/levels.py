"""From rules to levels: points are held by lines in one order, rule, group, dimension, total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value
from passerelle.core.history import Seen, fields_at
from passerelle.core.ledger import Entry, EntryKind, Levels, RuleWorth
from passerelle.core.ranges import MILLIONTH
from passerelle.core.stages import TOTAL, Override
from passerelle.core.triggers import frozen_at, latest_setting, triggered
from passerelle.core.worth import Instant, contributions

ZERO = Decimal(0)

_Enter = Callable[[EntryKind, str, Decimal], Decimal]


def levels_at(
    agreement: Agreement,
    fields: Mapping[str, Value],
    events: Sequence[Seen],
    *,
    as_of: datetime,
) -> Levels:
    """Every level of the lead at `as_of`, and the entries of its ledger."""
    as_of = min([as_of, *frozen_at(agreement, events, as_of=as_of)])
    past = [seen for seen in events if seen.occurred_at <= as_of]
    at = Instant(agreement.day(as_of), fields_at(agreement, fields, past, as_of=as_of), past)
    holding = [o for o in agreement.overrides if triggered(o, at)]
    entries: list[Entry] = []
    worths: list[RuleWorth] = []
    dimensions = {
        key: _dimension(agreement, key, at, holding, entries, worths)
        for key in agreement.dimensions
    }
    total = _total(agreement, dimensions, holding, entries)
    grade = grade_of(agreement, {**dimensions, TOTAL: total})
    return Levels(as_of, dimensions, total, grade, tuple(entries), tuple(worths))


def grade_of(agreement: Agreement, levels: Mapping[str, Decimal]) -> str:
    """The combined grade: of each ladder the letter whose line the level reaches."""
    return "".join(_letter(ladder, levels[level]) for level, ladder in agreement.grades.items())


def _letter(ladder: Mapping[str, Decimal], level: Decimal) -> str:
    reached = (letter for letter, line in ladder.items() if level >= line - MILLIONTH)
    return next(reached, list(ladder)[-1])


def _dimension(
    agreement: Agreement,
    key: str,
    at: Instant,
    holding: Sequence[Override],
    entries: list[Entry],
    worths: list[RuleWorth],
) -> Decimal:
    def enter(kind: EntryKind, of: str, points: Decimal) -> Decimal:
        if points:
            entries.append(Entry(key, kind, of, points))
        return points

    start = latest_setting(agreement, key, at)
    since = None if start is None else start[0].occurred_at
    by_group: dict[str | None, Decimal] = {}
    matched = start is not None
    if start is not None:
        by_group[None] = dict(start[1].set_ or {})[key]
        entries.append(Entry(key, "set", start[1].key, by_group[None]))  # even to nothing
    for rule in agreement.rules_in(key):
        found = contributions(agreement, rule, Instant(at.today, at.fields, at.events, since))
        matched = matched or bool(found)
        granted = sum((c.granted for c in found), ZERO)
        left = sum((c.left for c in found), ZERO)
        held = _held(left, rule.min, rule.max)
        enter("granted", rule.key, granted)
        enter("faded", rule.key, left - granted)
        enter("rule_line", rule.key, held - left)
        worths.append(RuleWorth(rule.key, tuple(found), held))
        by_group[rule.group] = by_group.get(rule.group, ZERO) + held
    points = ZERO
    for group, subtotal in by_group.items():
        lines = agreement.groups[group] if group else None
        held = _held(subtotal, lines.min, lines.max) if lines else subtotal
        enter("group_line", group or "", held - subtotal)
        points += held
    dimension = agreement.dimensions[key]
    if not matched:
        points += enter("unscored", key, dimension.unscored)
    held = _held(points, *dimension.range)
    enter("dimension_line", key, held - points)
    return _overridden(key, held, holding, enter)


def _total(
    agreement: Agreement,
    dimensions: Mapping[str, Decimal],
    holding: Sequence[Override],
    entries: list[Entry],
) -> Decimal:
    def enter(kind: EntryKind, of: str, points: Decimal) -> Decimal:
        if points:
            entries.append(Entry(TOTAL, kind, of, points))
        return points

    points = ZERO
    for key in agreement.total.dimensions:
        weight = agreement.weight_of(key)
        points += enter("weight", key, weight * dimensions[key])
    held = _held(points, *agreement.total.range)
    enter("total_line", TOTAL, held - points)
    return _overridden(TOTAL, held, holding, enter)


def _held(points: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is not None and points < low:
        return low
    return high if high is not None and points > high else points


def _overridden(level: str, points: Decimal, holding: Sequence[Override], enter: _Enter) -> Decimal:
    for override in holding:
        if level in override.forced:
            return points + enter("override", override.key, override.forced[level] - points)
    for override in holding:
        if level in override.floors and override.floors[level] > points:
            points += enter("override", override.key, override.floors[level] - points)
    return points
