"""On which local days a lead can change while nothing more happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil

from passerelle.core.counting import grants
from passerelle.core.duties import BANT_EVENT
from passerelle.core.history import Seen
from passerelle.core.parts import Expiry, HalfLife, LinearDecay, StepDecay
from passerelle.core.rules import CountingRule, DistinctRule, InactivityRule, Rule, VelocityRule
from passerelle.core.standing import Record, given_back_at, reason_of
from passerelle.core.triggers import frozen_at


@dataclass(frozen=True, slots=True)
class Smooth:
    """Points that fade a little every night until `until`."""

    points: Decimal
    until: date


@dataclass(frozen=True, slots=True)
class Days:
    """Local days at whose midnight something may jump, and what fades every night besides."""

    jumps: tuple[date, ...]
    smooth: tuple[Smooth, ...]

    def fading(self, day: date) -> tuple[Smooth, ...]:
        """What still fades at the midnight of `day`."""
        return tuple(one for one in self.smooth if day <= one.until)


def days_ahead(record: Record, *, as_of: datetime, horizon_days: int) -> Days:
    """The days after that of `as_of`, up to the horizon, at which the lead can change.

    They hold every change and may hold days at which nothing changes in the end.
    """
    today = record.agreement.day(as_of)
    last = today + timedelta(days=horizon_days)
    jumps: set[date] = set(_triggers(record))
    smooth: list[Smooth] = []
    if not any(frozen_at(record.agreement, record.at(as_of))):
        for rule in record.agreement.rules:
            jumps.update(_of_rule(record, rule, last))
            smooth += _smooth(record, rule, last)
    return Days(
        tuple(sorted(day for day in jumps if today < day <= last)),
        tuple(one for one in smooth if one.until > today),
    )


def _triggers(record: Record) -> Iterator[date]:
    agreement, events = record.agreement, record.events
    for trigger in (*agreement.fast_tracks, *agreement.disqualify, *agreement.overrides):
        if trigger.window is not None:
            for seen in record.chosen(trigger):
                yield seen.day + timedelta(days=trigger.window)
    if agreement.qualification is not None:
        expires = agreement.qualification.bant.evidence_expires
        if expires is not None:
            for seen in record.named((BANT_EVENT,)):
                yield seen.day + timedelta(days=expires)
    given_back = given_back_at(record.at(events[-1].occurred_at)) if events else None
    if given_back is not None and agreement.recycle is not None:
        rest = agreement.recycle.after.get(reason_of(given_back), 0)
        yield given_back.day + timedelta(days=rest)


def _of_rule(record: Record, rule: Rule, last: date) -> Iterator[date]:
    window = getattr(rule, "window", None)
    for seen, _ in _reasons(record, rule):
        if window is not None:
            yield seen.day + timedelta(days=window)
        match getattr(rule, "decay", None):
            case Expiry(days=days):
                yield seen.day + timedelta(days=days)
            case StepDecay(percent=percent, every=every):
                for step in range(1, ceil(100 / percent) + 1):
                    yield seen.day + timedelta(days=step * every)
            case LinearDecay() as decay:
                yield seen.day + timedelta(days=_gone(decay))
            case _:
                pass
    if isinstance(rule, InactivityRule):
        heard = record.chosen(rule)
        day = heard[-1].day + timedelta(days=rule.inactive.span) if heard else last
        while day < last:
            yield day
            day = day + timedelta(days=rule.inactive.every) if rule.inactive.every else last


def _smooth(record: Record, rule: Rule, last: date) -> Iterator[Smooth]:
    decay = getattr(rule, "decay", None)
    if not isinstance(decay, HalfLife | LinearDecay):
        return
    window = getattr(rule, "window", None)
    for seen, points in _reasons(record, rule):
        ages = [] if window is None else [window]
        if isinstance(decay, LinearDecay):
            ages.append(_gone(decay))
        until = seen.day + timedelta(days=min(ages)) if ages else last
        yield Smooth(points, until)


def _reasons(record: Record, rule: Rule) -> Iterator[tuple[Seen, Decimal]]:
    """The events from which a rule's ages are counted, with the points they granted."""
    match rule:
        case CountingRule():
            yield from grants(record, rule)
        case DistinctRule():
            for seen in record.events:
                yield seen, Decimal(0)
        case VelocityRule():
            for seen in record.chosen(rule):
                yield seen, rule.points
        case _:
            return


def _gone(decay: LinearDecay) -> int:
    """The age at which nothing is left."""
    return ceil(100 * decay.per / decay.percent)
