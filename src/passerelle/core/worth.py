"""What one rule gives one lead at one instant, with its own lines and no other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, overload

from passerelle.core.conditions import text_of
from passerelle.core.counting import Granted, granted
from passerelle.core.history import Seen
from passerelle.core.ledger import Contribution, RuleWorth
from passerelle.core.log import Instant, Log
from passerelle.core.parts import points_in_bands
from passerelle.core.plan import ZERO, RulePlan, left_of
from passerelle.core.ranges import within
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    FieldRule,
    InactivityRule,
    RuleBase,
    VelocityRule,
)

VISIT = "visit"
DAY = "day"
EVENT = "event"


def worth_of(plan: RulePlan, at: Instant, *, since: datetime | None = None) -> RuleWorth:
    """What the rule gives, with its reasons; none when it does not match.

    Events at or before `since` are forgotten (the dimension was set then).
    """
    rule = plan.rule
    match rule:
        case FieldRule():
            return _of_field(plan, rule, at)
        case CountingRule(counts=None):
            return _of_grants(plan, rule, at, since)
        case CountingRule():
            return _of_counts(plan, rule, at, since)
        case DistinctRule():
            return _of_different(plan, rule, at, since)
        case VelocityRule():
            return _of_bursts(plan, rule, at, since)
        case InactivityRule():
            return _of_silence(plan, rule, at)


class Faded(Sequence[Contribution]):
    """What was granted and what is left of each; made when somebody asks why."""

    def __init__(self, found: Granted, rule: CountingRule, at: Instant) -> None:
        self._found, self._rule, self._at = found, rule, at

    def __len__(self) -> int:
        return len(self._found.seen)

    @overload
    def __getitem__(self, index: int) -> Contribution: ...
    @overload
    def __getitem__(self, index: slice) -> list[Contribution]: ...
    def __getitem__(self, index: int | slice) -> Contribution | list[Contribution]:
        return list(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Faded) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as lists have none

    def __iter__(self) -> Iterator[Contribution]:
        for seen, points in self._found.pairs():
            yield Contribution(points, left_of(points, self._rule, self._at.age(seen)), seen)


def _of_field(plan: RulePlan, rule: FieldRule, at: Instant) -> RuleWorth:
    assert plan.cases is not None
    points = plan.cases[at.fields.get(rule.field)]
    return plan.nothing if points is None else _once(rule, points, None)


def _of_grants(
    plan: RulePlan, rule: CountingRule, at: Instant, since: datetime | None
) -> RuleWorth:
    found = granted(at.log, rule).between(since, at)
    if not found.seen:
        return plan.nothing
    whole = sum(found.points, ZERO)
    left, today = whole, at.today
    if plan.left is not None:
        of, points = plan.left, rule.points
        left = sum(
            [
                of[today - seen.day_number]
                if granted == points
                else left_of(granted, rule, today - seen.day_number)
                for seen, granted in zip(found.seen, found.points, strict=True)
            ],
            ZERO,
        )
    held = within(left, rule.min, rule.max)
    return RuleWorth(rule.key, Faded(found, rule, at), whole, left, held)


def _of_counts(
    plan: RulePlan, rule: CountingRule, at: Instant, since: datetime | None
) -> RuleWorth:
    assert rule.counts is not None
    found = granted(at.log, rule).between(since, at)
    standing = [s for s in found.seen if _open(rule.window, at.age(s))]
    points = points_in_bands(rule.counts, Decimal(len(standing)))
    return _once(rule, points, _latest(standing)) if points else plan.nothing


def _of_different(
    plan: RulePlan, rule: DistinctRule, at: Instant, since: datetime | None
) -> RuleWorth:
    """Points for so many different visits, days or values, in the window."""
    found = at.log.settled(rule, _identified)
    last = at.count(found.seen)
    standing = {
        value: seen
        for value, seen in zip(found.values[:last], found.seen, strict=False)
        if _open(rule.window, at.age(seen)) and (since is None or seen.occurred_at > since)
    }
    number = Decimal(len(standing))
    points = next((p for r, p in rule.bands if r.holds(number)), ZERO)
    return _once(rule, points, _latest(standing.values())) if points else plan.nothing


class _Identified(NamedTuple):
    """Events in order of time, and beside each what makes it different: visit, day or value."""

    seen: Sequence[Seen]
    values: Sequence[object]


def _identified(log: Log, rule: DistinctRule) -> _Identified:
    of, asked = rule.distinct.of, log.chosen(rule)
    values: Iterable[object]
    match of:
        case "visit":
            visits = {id(mark.seen): mark.number for mark in log.visits}
            values = (visits.get(id(seen)) for seen in asked)
        case "day":
            values = (seen.day_number for seen in asked)
        case "event":
            values = (seen.name for seen in asked)
        case _:
            values = (text_of(seen.said(of)) for seen in asked)
    known = [(s, v) for s, v in zip(asked, values, strict=True) if v is not None]
    return _Identified([s for s, _ in known], [v for _, v in known])


def _of_bursts(
    plan: RulePlan, rule: VelocityRule, at: Instant, since: datetime | None
) -> RuleWorth:
    """Points for the latest burst, from the event that completed it."""
    bursts = at.past(at.log.settled(rule, _bursts))
    if not bursts or (since is not None and bursts[-1].occurred_at <= since):
        return plan.nothing
    left = left_of(rule.points, rule, at.age(bursts[-1]))
    reason = Contribution(rule.points, left, bursts[-1])
    return RuleWorth(rule.key, (reason,), rule.points, left, within(left, rule.min, rule.max))


def _bursts(log: Log, rule: VelocityRule) -> list[Seen]:
    """The events that complete a burst."""
    asked, events = rule.velocity, log.chosen(rule)
    return [
        last
        for first, last in zip(events, events[asked.at_least - 1 :], strict=False)
        if last.occurred_at - first.occurred_at < asked.within
    ]


def _of_silence(plan: RulePlan, rule: InactivityRule, at: Instant) -> RuleWorth:
    heard = at.chosen(rule)
    silence = at.age(heard[-1]) - rule.inactive.span if heard else -1
    if silence < 0:
        return plan.nothing
    times = 1 + (silence // rule.inactive.every if rule.inactive.every else 0)
    return _once(rule, rule.points * times, heard[-1])


def _once(rule: RuleBase, points: Decimal, seen: Seen | None) -> RuleWorth:
    """Points that stand as granted, for one reason."""
    reason = Contribution(points, points, seen)
    return RuleWorth(rule.key, (reason,), points, points, within(points, rule.min, rule.max))


def _latest(events: Collection[Seen]) -> Seen | None:
    return max(events, key=lambda seen: seen.occurred_at, default=None)


def _open(window: int | None, age: int) -> bool:
    return window is None or age < window
