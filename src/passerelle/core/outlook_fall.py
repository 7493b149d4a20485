"""Until when: the first local midnight at which a lead falls if nothing more happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.core.outlook_cause import Cause, cause_of_fall
from passerelle.core.outlook_days import Days, days_ahead
from passerelle.core.outlook_gaps import BANT
from passerelle.core.outlook_next import known_record
from passerelle.core.standing import Record, held_stages, rank, standing_at

__all__ = ["Cause", "Fall", "until_when"]


@dataclass(frozen=True, slots=True)
class Fall:
    """At `at`, the first instant of the local date `on`, the lead falls to `stage`.

    `total` is its score then; `cause` says what it lost that it stood on.
    """

    at: datetime
    on: date
    stage: str
    total: Decimal
    cause: Cause


@dataclass(frozen=True, slots=True)
class _Seen:
    """One midnight ahead: the stages held then, and whether the lead has fallen."""

    day: date
    held: tuple[str, ...]
    fallen: bool


def until_when(
    agreement: Agreement, lead: Lead, *, as_of: datetime, horizon_days: int = 1100
) -> Fall | None:
    """When the lead falls below the stage it has at `as_of`; None if not within the horizon."""
    record = known_record(agreement, lead, as_of=as_of)
    held = held_stages(record, as_of=as_of)
    was = standing_at(record, as_of=as_of, held=held)
    if rank(agreement, was.stage) <= 0:
        return None
    for seen in _seen_ahead(record, was.stage, held, as_of, horizon_days):
        if seen.fallen:
            at = agreement.midnight(seen.day)
            stage = standing_at(record, as_of=at, held=seen.held).stage
            cause = cause_of_fall(record, was, held, since=as_of, at=at)
            return Fall(at, seen.day, stage, record.levels(at).total, cause)
        held = seen.held
    return None


def _seen_ahead(
    record: Record, here: str, held: tuple[str, ...], as_of: datetime, horizon_days: int
) -> Iterator[_Seen]:
    """The midnights that matter, in order; where points only fade, the last before a jump.

    From one jump to the next a lead whose points only fade can only fall, so that the midnight
    at which it does is found by halving; where some points fade and bad ones fade too, or a
    line has an upper end, every midnight is looked at.
    """
    ahead = days_ahead(record, as_of=as_of, horizon_days=horizon_days)
    today = record.agreement.day(as_of)
    end = today + timedelta(days=horizon_days + 1)
    starts = sorted(day for day in {today + timedelta(days=1), *ahead.jumps} if day < end)
    for first, after in pairwise([*starts, end]):
        for day in _days_of_stretch(record, ahead, first, after):
            seen = _look(record, here, day, held)
            if seen.fallen and day > first and _is_one_way(record, ahead, first):
                seen = _halved(record, here, first, seen, held)
            held = seen.held
            yield seen


def _days_of_stretch(record: Record, ahead: Days, first: date, after: date) -> list[date]:
    """The days to look at from one jump up to the next."""
    fading = ahead.fading(first)
    if not fading or after - first == timedelta(days=1):
        return [first]
    if _is_one_way(record, ahead, first):
        return [first, after - timedelta(days=1)]
    return [first + timedelta(days=n) for n in range((after - first).days)]


def _is_one_way(record: Record, ahead: Days, day: date) -> bool:
    """Whether every level goes one way until the next jump, and stages with it."""
    signs = {one.points > 0 for one in ahead.fading(day)}
    whens = [stage.when for stage in record.agreement.stages.values() if stage.when]
    return len(signs) <= 1 and all(
        when.grade is None
        and all(line.high is None for level, line in when.levels.items() if level != BANT)
        for when in whens
    )


def _look(record: Record, here: str, day: date, held: tuple[str, ...]) -> _Seen:
    agreement = record.agreement
    at = agreement.midnight(day)
    now = held_stages(record, as_of=at, before=held)
    stage = standing_at(record, as_of=at, held=now).stage
    return _Seen(day, now, rank(agreement, stage) < rank(agreement, here))


def _halved(record: Record, here: str, low: date, high: _Seen, held: tuple[str, ...]) -> _Seen:
    """The first fallen day after `low`, at which the lead still stands."""
    while high.day - low > timedelta(days=1):
        middle = _look(record, here, low + (high.day - low) // 2, held)
        if middle.fallen:
            high = middle
        else:
            low = middle.day
    return high
