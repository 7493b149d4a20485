"""What one rule gives one lead at one instant, with its own lines and no other.

There is a class for each kind of rule. An object of it is made once for a rule and holds what does
not change from lead to lead; its `at` is what the rule means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import overload

from passerelle.core.conditions import Value, exactly, text_of
from passerelle.core.counting import Granted, granted, settles
from passerelle.core.history import Seen
from passerelle.core.ledger import Contribution, RuleWorth
from passerelle.core.lens import Lens
from passerelle.core.log import Instant, Log
from passerelle.core.memo import Memo
from passerelle.core.parts import points_in_bands
from passerelle.core.ranges import within
from passerelle.core.rules import (
    DAY,
    EVENT,
    VISIT,
    CountingRule,
    DistinctRule,
    Fading,
    FieldRule,
    InactivityRule,
    Rule,
    RuleBase,
    VelocityRule,
)

FINEST = Decimal("1e-12")
"""Faded points are kept to this, so that every sum is exact."""

ZERO = Decimal(0)


class Worth(ABC):
    """What one rule gives; `nothing` is what it is worth when nothing speaks for it."""

    def __init__(self, rule: RuleBase) -> None:
        self.key, self.group, self._min, self._max = rule.key, rule.group, rule.min, rule.max
        self.nothing = RuleWorth(rule.key, (), ZERO, ZERO, within(ZERO, rule.min, rule.max))

    @abstractmethod
    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:
        """What the rule gives at an instant, with its reasons.

        Events at or before `since` are forgotten (the dimension was set then).
        """

    def _given(self, reasons: Sequence[Contribution], granted: Decimal, left: Decimal) -> RuleWorth:
        points, low, high = left, self._min, self._max
        if high is not None and points > high:
            points = high
        if low is not None and points < low:
            points = low
        return RuleWorth(self.key, reasons, granted, left, points)

    def _once(self, points: Decimal, seen: Seen | None) -> RuleWorth:
        """Points that stand as granted, for one reason."""
        return self._given((Contribution(points, points, seen),), points, points)


def worth_of(rule: Rule, lens: Lens) -> Worth:
    """What a rule gives, whoever the lead is."""
    match rule:
        case FieldRule():
            return OfField(rule)
        case CountingRule(counts=None):
            return OfOccurrences(rule, lens.numbers.get(id(rule), 0))
        case CountingRule():
            return OfTheirNumber(rule)
        case DistinctRule():
            return OfDifferent(rule)
        case VelocityRule():
            return OfBursts(rule)
        case InactivityRule():
            return OfSilence(rule, lens.numbers.get(id(rule), 0))


def left_of(points: Decimal, rule: Fading, age: int) -> Decimal:
    """What is left of points after so many days, to twelve decimals."""
    if rule.window is not None and age >= rule.window:
        return ZERO
    factor = rule.decay.factor(age) if rule.decay else Decimal(1)
    return (points * factor).quantize(FINEST)


class OfField(Worth):
    """The points of the first case that holds for the field."""

    def __init__(self, rule: FieldRule) -> None:
        super().__init__(rule)
        self._field, self._cases = rule.field, rule.cases
        self._known: Memo[object, RuleWorth] = Memo()

    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:  # noqa: ARG002  # fields have no past
        """The points of the first case that holds for what the field holds then."""
        value = view.fields.get(self._field)
        key = exactly(value)
        known = self._known.get(key)
        return known or self._known.keep(key, self._of(value))

    def _of(self, value: Value) -> RuleWorth:
        for test, points in self._cases:
            if test.holds(value):
                return self._once(points, None)
        return self.nothing


class OfOccurrences(Worth):
    """Points for each occurrence that counts, as far as time has left them."""

    def __init__(self, rule: CountingRule, choice: int) -> None:
        super().__init__(rule)
        assert rule.points is not None
        self._rule, self._choice, self._points = rule, choice, rule.points
        self._settles = settles(rule)
        self._fades = rule.window is not None or rule.decay is not None
        self._left = Ages(rule.points, rule)

    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:
        """What is left then of all that was granted by then."""
        if self._settles or since is not None:
            found = granted(view.log, self._rule).between(since, view)
        else:
            found = Granted(view.dealt[self._choice], self._points)
        if not found.seen:
            return self.nothing
        whole = self._points * len(found.seen)
        if found.fewer:
            whole = sum((points for _, points in found.pairs()), ZERO)
        left = self._left_of(found, view.today) if self._fades else whole
        return self._given(Faded(self._rule, found, view.today), whole, left)

    def _left_of(self, found: Granted, today: int) -> Decimal:
        if found.fewer:
            return sum((reason.left for reason in Faded(self._rule, found, today)), ZERO)
        left = self._left
        return sum([left[today - seen.day_number] for seen in found.seen], ZERO)


class OfTheirNumber(Worth):
    """Points once, by how many occurrences count in the window."""

    def __init__(self, rule: CountingRule) -> None:
        super().__init__(rule)
        assert rule.counts is not None
        self._rule, self._bands, self._window = rule, rule.counts, rule.window

    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:
        """The points of the band in which their number lies."""
        found = granted(view.log, self._rule).between(since, view)
        closed = _closed(self._window, view.today)
        standing = [seen for seen in found.seen if seen.day_number > closed]
        points = points_in_bands(self._bands, Decimal(len(standing)))
        return self._once(points, _latest(standing)) if points else self.nothing


class OfDifferent(Worth):
    """Points once, by how many different visits, days or values there are in the window."""

    def __init__(self, rule: DistinctRule) -> None:
        super().__init__(rule)
        self._rule, self._bands, self._window = rule, rule.bands, rule.window

    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:
        """The points of the band in which the number of different ones lies."""
        found: list[tuple[object, Seen]] | None = view.log.settled.get(self.key)
        if found is None:
            found = view.log.settled[self.key] = list(_identified(self._rule, view.log))
        closed = _closed(self._window, view.today)
        standing = {
            value: seen
            for value, seen in found
            if seen.day_number > closed
            and (view.whole or seen.occurred_at <= view.as_of)
            and (since is None or seen.occurred_at > since)
        }
        number = Decimal(len(standing))
        points = next((p for bounds, p in self._bands if bounds.holds(number)), ZERO)
        return self._once(points, _latest(standing.values())) if points else self.nothing


class OfBursts(Worth):
    """Points for the latest burst; they age from the event that completed it."""

    def __init__(self, rule: VelocityRule) -> None:
        super().__init__(rule)
        self._rule, self._left = rule, Ages(rule.points, rule)

    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:
        """What is left then of the points of the latest burst."""
        found: list[Seen] | None = view.log.settled.get(self.key)
        if found is None:
            found = view.log.settled[self.key] = _bursts(self._rule, view.log)
        bursts = view.past(found)
        if not bursts or (since is not None and bursts[-1].occurred_at <= since):
            return self.nothing
        points, left = self._rule.points, self._left[view.age(bursts[-1])]
        return self._given((Contribution(points, left, bursts[-1]),), points, left)


class OfSilence(Worth):
    """Points for silence since the last event, and again after every so many more days."""

    def __init__(self, rule: InactivityRule, choice: int) -> None:
        super().__init__(rule)
        self._choice, self._points, self._asked = choice, rule.points, rule.inactive

    def at(self, view: Instant, since: datetime | None = None) -> RuleWorth:  # noqa: ARG002  # silence goes on
        """The points for the silence up to then."""
        heard, asked = view.dealt[self._choice], self._asked
        silence = view.age(heard[-1]) - asked.span if heard else -1
        if silence < 0:
            return self.nothing
        times = 1 + (silence // asked.every if asked.every else 0)
        return self._once(self._points * times, heard[-1])


class Ages(Memo[int, Decimal]):
    """What is left of some points of a rule, by their age in days."""

    def __init__(self, points: Decimal, rule: Fading) -> None:
        super().__init__()
        self._points, self._rule = points, rule

    def __missing__(self, age: int) -> Decimal:
        return self.keep(age, left_of(self._points, self._rule, age))


class Faded(Sequence[Contribution]):
    """What was granted and what is left of each; told apart when somebody asks why."""

    def __init__(self, rule: CountingRule, found: Granted, today: int) -> None:
        self._rule, self._found, self._today = rule, found, today

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
            left = left_of(points, self._rule, self._today - seen.day_number)
            yield Contribution(points, left, seen)


def _identified(rule: DistinctRule, log: Log) -> Iterator[tuple[object, Seen]]:
    """The events asked for, each with what makes it different: its visit, day, name or value."""
    of, asked = rule.distinct.of, log.chosen(rule)
    values: Iterable[object]
    if of == VISIT:
        visits = {id(mark.seen): mark.number for mark in log.visits}
        values = [visits.get(id(seen)) for seen in asked]
    elif of == DAY:
        values = [seen.day_number for seen in asked]
    elif of == EVENT:
        values = [seen.name for seen in asked]
    else:
        values = [text_of(seen.said(of)) for seen in asked]
    return ((value, seen) for value, seen in zip(values, asked, strict=True) if value is not None)


def _bursts(rule: VelocityRule, log: Log) -> list[Seen]:
    """The events that complete a burst."""
    asked, events = rule.velocity, log.chosen(rule)
    return [
        last
        for first, last in zip(events, events[asked.at_least - 1 :], strict=False)
        if last.occurred_at - first.occurred_at < asked.within
    ]


def _latest(events: Collection[Seen]) -> Seen | None:
    return max(events, key=lambda seen: seen.occurred_at, default=None)


def _closed(window: int | None, today: int) -> int:
    """The last day on which the window has closed; day 0 is before any."""
    return 0 if window is None else today - window
