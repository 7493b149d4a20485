"""What one rule gives one lead at one instant, before any line but its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value, text_of
from passerelle.core.counting import Grant, grants
from passerelle.core.history import Seen, selected
from passerelle.core.parts import Decay, points_in_bands
from passerelle.core.rules import (
    CountingRule,
    Distinct,
    DistinctRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.core.visits import visit_marks

FINEST = Decimal("1e-12")
"""Faded points are kept to this, so that every sum is exact."""

VISIT = "visit"
DAY = "day"
EVENT = "event"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One reason for points: what was granted and what is left of it."""

    granted: Decimal
    left: Decimal
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """The view from one instant: local date, fields as they stood, events up to then.

    Events at or before `since` are forgotten (a dimension was set then).
    """

    today: date
    fields: Mapping[str, Value]
    events: Sequence[Seen]
    since: datetime | None = None

    def age(self, seen: Seen) -> int:
        """Whole days of the agreement's calendar since the event."""
        return (self.today - seen.day).days

    def remembers(self, seen: Seen) -> bool:
        """Whether the event is later than what was forgotten."""
        return self.since is None or seen.occurred_at > self.since


def contributions(agreement: Agreement, rule: Rule, at: Instant) -> list[Contribution]:
    """The reasons for which the rule gives points; none when it does not match."""
    match rule:
        case FieldRule():
            return _of_field(rule, at)
        case CountingRule(counts=bands) if bands is not None:
            counted = _standing(agreement, rule, at)
            return _once(points_in_bands(bands, Decimal(len(counted))), counted)
        case CountingRule():
            return [
                _fading(g.points, g.seen, rule.window, rule.decay, at)
                for g in grants(agreement, rule, at.events)
                if at.remembers(g.seen)
            ]
        case DistinctRule():
            seen = _different(agreement, rule.distinct, rule.window, at)
            return _once(_in_ranges(rule, len(seen)), list(seen.values()))
        case VelocityRule():
            burst = _latest_burst(rule, at)
            return [_fading(rule.points, burst, rule.window, rule.decay, at)] if burst else []
        case InactivityRule():
            return _of_silence(rule, at)


def _of_field(rule: FieldRule, at: Instant) -> list[Contribution]:
    value = at.fields.get(rule.field)
    for test, points in rule.cases:
        if test.holds(value):
            return [Contribution(points, points)]
    return []


def _standing(agreement: Agreement, rule: CountingRule, at: Instant) -> list[Grant]:
    return [
        grant
        for grant in grants(agreement, rule, at.events)
        if at.remembers(grant.seen) and _open(rule.window, at.age(grant.seen))
    ]


def _once(points: Decimal, reasons: Sequence[Grant | Seen]) -> list[Contribution]:
    if not points:
        return []
    seen = [reason.seen if isinstance(reason, Grant) else reason for reason in reasons]
    last = max(seen, key=lambda one: one.occurred_at, default=None)
    return [Contribution(points, points, last)]


def _fading(
    points: Decimal, seen: Seen, window: int | None, decay: Decay | None, at: Instant
) -> Contribution:
    age = at.age(seen)
    factor = decay.factor(age) if decay else Decimal(1)
    left = (points * factor).quantize(FINEST) if _open(window, age) else Decimal(0)
    return Contribution(points, left, seen)


def _open(window: int | None, age: int) -> bool:
    return window is None or age < window


def _different(
    agreement: Agreement, asked: Distinct, window: int | None, at: Instant
) -> dict[object, Seen]:
    """The latest event in the window for each different visit, day or value."""
    matching = {id(s.event) for s in selected(at.events, asked.events, asked.where)}
    if asked.of == VISIT:
        marks = visit_marks(agreement.visits, at.events)
        pairs: list[tuple[object, Seen]] = [(m.number, m.seen) for m in marks]
    else:
        pairs = [(_identity(asked.of, seen), seen) for seen in at.events]
    return {
        value: seen
        for value, seen in pairs
        if value is not None
        and id(seen.event) in matching
        and at.remembers(seen)
        and _open(window, at.age(seen))
    }


def _identity(of: str, seen: Seen) -> object:
    if of == DAY:
        return seen.day
    return seen.name if of == EVENT else text_of(seen.properties.get(of))


def _in_ranges(rule: DistinctRule, number: int) -> Decimal:
    return next((p for r, p in rule.bands if r.holds(Decimal(number))), Decimal(0))


def _latest_burst(rule: VelocityRule, at: Instant) -> Seen | None:
    """The event that completed the latest burst, if there was one."""
    asked = rule.velocity
    events = selected(at.events, asked.events, asked.where)
    for index in range(len(events) - 1, asked.at_least - 2, -1):
        first = events[index - asked.at_least + 1]
        if events[index].occurred_at - first.occurred_at < asked.within:
            return events[index] if at.remembers(events[index]) else None
    return None


def _of_silence(rule: InactivityRule, at: Instant) -> list[Contribution]:
    heard = selected(at.events, rule.inactive.events)
    if not heard:
        return []
    silence = at.age(heard[-1]) - rule.inactive.span
    if silence < 0:
        return []
    times = 1 + (silence // rule.inactive.every if rule.inactive.every else 0)
    return [Contribution(rule.points * times, rule.points * times, heard[-1])]
