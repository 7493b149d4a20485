"""Which occurrences count, settled once and for all when they happen.

First only, then cool-down, then limit, in order of the events' own time. What comes later never
changes what an earlier event gave; only time fades it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import passes, text_of
from passerelle.core.history import Seen, selected
from passerelle.core.parts import Limit, Period
from passerelle.core.rules import CountingRule, EventRule, VisitRule
from passerelle.core.visits import visit_marks

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Grant:
    """Points granted by one rule for one occurrence, before any fading."""

    seen: Seen
    points: Decimal


def grants(agreement: Agreement, rule: CountingRule, events: Sequence[Seen]) -> list[Grant]:
    """What the rule granted for each occurrence that counts, in order of time."""
    counted = [s for s in _occurrences(agreement, rule, events) if rule.valid.holds(s.day)]
    if rule.first_only is not None:
        counted = list(_first_only(counted, rule.first_only))
    if rule.cool_down is not None:
        counted = list(_cooled(counted, rule.cool_down))
    points = rule.points if rule.points is not None else Decimal(0)
    if rule.limit is None:
        return [Grant(seen, points) for seen in counted]
    return list(_limited(counted, points, rule.limit))


def period_of(day: date, period: Period) -> date | None:
    """The first day of the calendar period that holds `day`; weeks begin on Monday."""
    match period:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "ever":
            return None


def _occurrences(agreement: Agreement, rule: CountingRule, events: Sequence[Seen]) -> list[Seen]:
    match rule:
        case EventRule():
            return selected(events, rule.event, rule.where)
        case VisitRule():
            marks = visit_marks(agreement.visits, events)
            chosen = [m.seen for m in marks if m.is_occurrence_of(rule.visit, agreement.visits)]
            return [seen for seen in chosen if passes(rule.where, seen.properties)]
    raise TypeError(f"{type(rule).__name__} counts nothing")


def _first_only(events: Iterable[Seen], of: str) -> Iterator[Seen]:
    known: set[str] = set()
    for seen in events:
        value = PERSON if of == PERSON else text_of(seen.properties.get(of))
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
    times: dict[date | None, int] = defaultdict(int)
    for seen in events:
        period = period_of(seen.day, limit.per)
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
