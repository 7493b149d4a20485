"""Which occurrences count, settled once and for all when they happen.

First only, then cool-down, then limit, in order of the events' own time. What comes later never
changes what an earlier event gave; only time fades it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from passerelle.core.conditions import passes, text_of
from passerelle.core.history import Seen
from passerelle.core.log import Instant, Log
from passerelle.core.parts import Limit, Period, Validity
from passerelle.core.rules import CountingRule, VisitRule

ALWAYS = Validity()
PERSON = "person"


class Grant(NamedTuple):
    """Points granted by one rule for one occurrence, before any fading."""

    seen: Seen
    points: Decimal


class Granted(NamedTuple):
    """Occurrences that count, in order of time, and beside each the points it was granted."""

    seen: Sequence[Seen]
    points: Sequence[Decimal]

    def pairs(self) -> Iterator[Grant]:
        """One grant after the other."""
        return map(Grant, self.seen, self.points)

    def between(self, since: datetime | None, at: Instant) -> Granted:
        """What was granted later than `since` and no later than the instant."""
        first = 0 if since is None else bisect_right(self.seen, since, key=lambda s: s.occurred_at)
        last = at.count(self.seen)
        if (first, last) == (0, len(self.seen)):
            return self
        return Granted(self.seen[first:last], self.points[first:last])


def grants(log: Log, rule: CountingRule) -> list[Grant]:
    """What the rule granted for each occurrence that counts, in order of time."""
    return list(granted(log, rule).pairs())


def granted(log: Log, rule: CountingRule) -> Granted:
    """`grants`, side by side."""
    return log.settled(rule, _settled)


def _settled(log: Log, rule: CountingRule) -> Granted:
    counted = _occurrences(log, rule)
    if rule.valid != ALWAYS:
        counted = [s for s in counted if rule.valid.holds(s.day)]
    if rule.first_only is not None:
        counted = list(_first_only(counted, rule.first_only))
    if rule.cool_down is not None:
        counted = list(_cooled(counted, rule.cool_down))
    points = rule.points if rule.points is not None else Decimal(0)
    if rule.limit is None:
        return Granted(counted, [points] * len(counted))
    limited = list(_limited(counted, points, rule.limit))
    return Granted([g.seen for g in limited], [g.points for g in limited])


def period_of(day: date, period: Period) -> date | None:
    """The first day of the calendar period that holds `day`; weeks begin on Monday."""
    number = _period(day.toordinal(), period)
    return None if number is None else date.fromordinal(number)


def _period(day_number: int, period: Period) -> int | None:
    """`period_of` in numbers of days; day 1 was a Monday."""
    match period:
        case "day":
            return day_number
        case "week":
            return day_number - (day_number - 1) % 7
        case "month":
            return day_number - date.fromordinal(day_number).day + 1
        case "ever":
            return None


def _occurrences(log: Log, rule: CountingRule) -> Sequence[Seen]:
    if not isinstance(rule, VisitRule):
        return log.chosen(rule)
    definition = log.agreement.visits
    chosen = [m.seen for m in log.visits if m.is_occurrence_of(rule.visit, definition)]
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


def _limited(events: Iterable[Seen], points: Decimal, limit: Limit) -> Iterator[Grant]:
    times: dict[int | None, int] = defaultdict(int)
    for seen in events:
        period = _period(seen.day_number, limit.per)
        before = times[period]
        times[period] += 1
        if limit.times is not None:
            granted = points if before < limit.times else None
        else:
            assert limit.points is not None
            left = limit.points - before * abs(points)
            granted = min(abs(points), left).copy_sign(points) if left > 0 else None
        if granted is not None:
            yield Grant(seen, granted)
