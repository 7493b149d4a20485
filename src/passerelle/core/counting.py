"""Which occurrences count, settled once and for all when they happen.

First only, then cool-down, then limit, in order of the events' own time. What comes later never
changes what an earlier event gave; only time fades it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from sys import maxsize
from types import MappingProxyType
from typing import NamedTuple

from passerelle.core.conditions import passes, text_of
from passerelle.core.history import Seen
from passerelle.core.log import Instant, Log
from passerelle.core.parts import Limit, Period
from passerelle.core.rules import PERSON, CountingRule, EventRule, VisitRule


class Grant(NamedTuple):
    """Points granted by one rule for one occurrence, before any fading."""

    seen: Seen
    points: Decimal


class Granted(NamedTuple):
    """Occurrences that count, in order of time, and the points that were granted for each.

    `fewer` holds the points of those that met a limit, by the `id` of what was seen.
    """

    seen: list[Seen]
    points: Decimal
    fewer: Mapping[int, Decimal] = MappingProxyType({})

    def pairs(self) -> Iterator[Grant]:
        """One grant after the other."""
        return (Grant(seen, self.fewer.get(id(seen), self.points)) for seen in self.seen)

    def between(self, since: datetime | None, at: Instant) -> Granted:
        """What was granted later than `since` and no later than the instant."""
        if since is None and at.whole:
            return self
        first = 0 if since is None else bisect_right(self.seen, since, key=lambda s: s.occurred_at)
        return self._replace(seen=self.seen[first : at.count(self.seen)])


def grants(log: Log, rule: CountingRule) -> list[Grant]:
    """What the rule granted for each occurrence that counts, in order of time."""
    return list(granted(log, rule).pairs())


def granted(log: Log, rule: CountingRule) -> Granted:
    """What the rule granted, side by side; settled once for a log."""
    found: Granted | None = log.settled.get(rule.key)
    if found is None:
        found = log.settled[rule.key] = _settled(log, rule)
    return found


def settles(rule: CountingRule) -> bool:
    """Whether some of the events that the rule asks for may not count, or not in full."""
    parts = (rule.valid.since, rule.valid.until, rule.first_only, rule.cool_down, rule.limit)
    return not isinstance(rule, EventRule) or any(part is not None for part in parts)


def _settled(log: Log, rule: CountingRule) -> Granted:
    counted = log.chosen(rule) if isinstance(rule, EventRule) else _of_visits(log, rule)
    valid = rule.valid
    if valid.since is not None or valid.until is not None:
        counted = [seen for seen in counted if valid.holds(seen.day)]
    if rule.first_only is not None:
        counted = list(_first_only(counted, rule.first_only))
    if rule.cool_down is not None:
        counted = list(_cooled(counted, rule.cool_down))
    points = rule.points if rule.points is not None else Decimal(0)
    return _limited(counted, points, rule.limit) if rule.limit else Granted(counted, points)


def period_of(day: date, period: Period) -> date | None:
    """The first day of the calendar period that holds `day`; weeks begin on Monday."""
    first = _first_day(day.toordinal(), period)
    return None if first is None else date.fromordinal(first)


def _first_day(number: int, period: Period) -> int | None:
    """`period_of` by numbers of days, of which the first was a Monday."""
    match period:
        case "day":
            return number
        case "week":
            return number - (number - 1) % 7
        case "month":
            return number - date.fromordinal(number).day + 1
        case "ever":
            return None


def _of_visits(log: Log, rule: CountingRule) -> list[Seen]:
    assert isinstance(rule, VisitRule)
    asked, definition = rule.visit, log.agreement.visits
    marks = log.visits if asked.lasts else [mark for mark in log.visits if mark.begins]
    chosen = [mark.seen for mark in marks if mark.is_occurrence_of(asked, definition)]
    return [s for s in chosen if passes(rule.where, s.properties)] if rule.where else chosen


def _first_only(events: Iterable[Seen], of: str) -> Iterator[Seen]:
    known: set[str] = set()
    for seen in events:
        value = PERSON if of == PERSON else text_of(seen.said(of))
        if value is not None and value not in known:
            known.add(value)
            yield seen


def _cooled(events: Iterable[Seen], cool_down: timedelta) -> Iterator[Seen]:
    last: datetime | None = None
    for seen in events:
        if last is None or seen.occurred_at - last >= cool_down:
            last = seen.occurred_at
            yield seen


def _limited(events: Iterable[Seen], points: Decimal, limit: Limit) -> Granted:
    """As many times as the limit allows, in each period; what is left of its points once more."""
    full, rest = _allowed(points, limit)
    times: dict[int | None, int] = {}
    counted: list[Seen] = []
    fewer: dict[int, Decimal] = {}
    for seen in events:
        period = _first_day(seen.day_number, limit.per)
        before = times[period] = times.get(period, -1) + 1
        if before < full:
            counted.append(seen)
        elif before == full and rest:
            counted.append(seen)
            fewer[id(seen)] = rest
    return Granted(counted, points, fewer)


def _allowed(points: Decimal, limit: Limit) -> tuple[int, Decimal]:
    """How often the limit allows all the points, and what it then still allows once."""
    if limit.points is None or not points:
        return limit.times or maxsize, Decimal(0)
    full, rest = divmod(limit.points, abs(points))
    return int(full), rest.copy_sign(points)
