"""Rules that time changes only now and then: by how much they move their places together.

Rules with a group or a dimension in common that do not fade daily need no columns of their own:
what counts is what they hold together, which changes at few instants.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import points_in_bands
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.relations.calendar import midnight
from passerelle.relations.levels import banded, held, place_of
from passerelle.relations.measures import Columns
from passerelle.relations.moments import Moment
from passerelle.relations.replay_deltas import given, is_faded_daily, steady_deltas, united
from passerelle.relations.tables import Inputs

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Slot:
    """What is added up by itself: the worth of a rule, or only whether it `ever` matched."""

    number: int
    rule: Rule
    ever: bool = False

    @property
    def is_straight(self) -> bool:
        """Whether its place moves by just as much as the slot does, without any line."""
        rule = self.rule
        counts = isinstance(rule, DistinctRule | InactivityRule) or (
            isinstance(rule, CountingRule) and rule.counts is not None
        )
        return not self.ever and not counts and rule.min is None and rule.max is None


def steady_changes(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table | None:
    """Rows `(lead, at, day, points__PLACE…, matched__DIMENSION…)`, each a change of a place."""
    slots = _slots(agreement)
    parts: dict[bool, list[ir.Table]] = {True: [], False: []}
    for slot in slots:
        for rows in _deltas(agreement, inputs, moment, slot):
            number = ibis.literal(slot.number, "int16")
            parts[slot.is_straight].append(rows.mutate(slot=number))
    moved = []
    if parts[True]:
        rows = united(parts[True])
        rows = rows.mutate(before=ibis.literal(0.0), after=rows.change)
        moved.append(_moved(agreement, [s for s in slots if s.is_straight], rows))
    if parts[False]:
        rows = united(parts[False])
        rows = rows.mutate(at=at_midnight(agreement, moment, rows))
        so_far = ibis.window(group_by=[rows.lead, rows.slot], order_by=rows["at"], rows=(None, 0))
        rows = rows.mutate(after=rows.change.sum().over(so_far))
        rows = rows.mutate(before=rows.after - rows.change)
        moved.append(_moved(agreement, [s for s in slots if not s.is_straight], rows))
    return united(moved) if moved else None


def places(agreement: Agreement) -> list[str]:
    """The groups and dimensions to which steady rules add their points first."""
    return sorted({place_of(agreement, s.rule) for s in _slots(agreement) if not s.ever})


def unscored(agreement: Agreement) -> list[str]:
    """The dimensions for which it matters whether any rule matched."""
    return [key for key, dimension in agreement.dimensions.items() if dimension.unscored]


def at_rest(agreement: Agreement, place: str) -> float:
    """What the steady rules of a place hold together before anything happens."""
    here = [s for s in _slots(agreement) if not s.ever and place_of(agreement, s.rule) == place]
    return float(sum((_held_at_rest(slot.rule) for slot in here), ZERO))


def matched_at_rest(agreement: Agreement, dimension: str) -> int:
    """How many steady rules of a dimension match before anything happens."""
    slots = [s for s in _slots(agreement) if agreement.dimension_of(s.rule) == dimension]
    return sum(bool(_at_rest(slot.rule)) for slot in slots if not slot.ever)


def at_midnight(agreement: Agreement, moment: Moment, rows: ir.Table) -> ir.TimestampValue:
    """The column `at`, and where it is null the midnight at which `day` begins."""
    night = midnight(rows.day, agreement.zone, until=moment.until)
    return rows["at"].coalesce(night.cast("timestamp(6)"))


def _slots(agreement: Agreement) -> list[Slot]:
    asked = unscored(agreement)
    slots: list[Slot] = []
    for rule in agreement.rules:
        if isinstance(rule, FieldRule):
            continue
        if not is_faded_daily(rule):
            slots.append(Slot(len(slots), rule))
        if _outlasts_its_points(rule) and agreement.dimension_of(rule) in asked:
            slots.append(Slot(len(slots), rule, ever=True))
    return slots


def _outlasts_its_points(rule: Rule) -> bool:
    """Whether a rule that matched is matched forever, even when its points are gone."""
    return isinstance(rule, VelocityRule) or (
        isinstance(rule, CountingRule) and rule.counts is None
    )


def _deltas(agreement: Agreement, inputs: Inputs, moment: Moment, slot: Slot) -> Iterator[ir.Table]:
    if not slot.ever:
        yield from steady_deltas(agreement, inputs, moment, slot.rule)
        return
    assert isinstance(slot.rule, CountingRule | VelocityRule)
    rows = given(agreement, inputs, moment, slot.rule)
    first = rows.group_by("lead").aggregate(at=rows.occurred_at.min(), day=rows.day.min())
    yield first.mutate(change=ibis.literal(1.0))


def _moved(agreement: Agreement, slots: Sequence[Slot], rows: ir.Table) -> ir.Table:
    """By how much each place moves when slots move from `before` to `after`."""
    columns: Columns = {}
    for place in places(agreement):
        here = [s for s in slots if not s.ever and place_of(agreement, s.rule) == place]
        branches = [
            (rows.slot == slot.number, _held(slot.rule, rows.after) - _held(slot.rule, rows.before))
            for slot in here
        ]
        columns[f"points__{place}"] = _cases(branches, 0.0)
    for key in unscored(agreement):
        here = [s for s in slots if agreement.dimension_of(s.rule) == key]
        branches = [
            (rows.slot == slot.number, _matched(slot, rows.after) - _matched(slot, rows.before))
            for slot in here
            if slot.ever or not _outlasts_its_points(slot.rule)
        ]
        columns[f"matched__{key}"] = _cases(branches, 0.0)
    at = rows["at"]
    return rows.select("lead", at=at, day=rows.day, **columns)


def _cases(branches: Sequence[tuple[ir.BooleanValue, ir.Value]], rest: float) -> ir.Value:
    otherwise = ibis.literal(rest, "float64")
    return ibis.cases(*branches, else_=otherwise) if branches else otherwise


def _points(rule: Rule, counted: ir.Value) -> ir.Value:
    """The points of a rule from what its slot adds up."""
    match rule:
        case CountingRule(counts=bands) if bands is not None:
            return banded([(band.range, band.points) for band in bands], counted)[0]
        case DistinctRule():
            return banded(rule.bands, counted)[0]
        case InactivityRule():
            return counted * float(rule.points)
    return counted


def _held(rule: Rule, counted: ir.Value) -> ir.Value:
    return held(_points(rule, counted), rule.min, rule.max)


def _matched(slot: Slot, counted: ir.Value) -> ir.FloatingValue:
    reached = counted > 0 if slot.ever else _points(slot.rule, counted) != 0
    return ibis.cases((reached, 1.0), else_=0.0)


def _at_rest(rule: Rule) -> Decimal:
    match rule:
        case CountingRule(counts=bands) if bands is not None:
            return points_in_bands(bands, ZERO)
        case DistinctRule():
            return next((points for line, points in rule.bands if line.holds(ZERO)), ZERO)
    return ZERO


def _held_at_rest(rule: Rule) -> Decimal:
    points = _at_rest(rule)
    if rule.min is not None:
        points = max(points, rule.min)
    return points if rule.max is None else min(points, rule.max)
