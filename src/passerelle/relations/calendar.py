"""The agreement's calendar in columns: local days as numbers, midnights, weeks and months.

A day is the number of days since 1970-01-01. Offsets from UTC are written out from the time zone
data of Python, so that every engine counts the same midnights, whatever zones it knows itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from passerelle.core.parts import Period

EPOCH = date(1970, 1, 1)
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing is older than this; files refuse what is."""

DAY = 86_400


def day_number(day: date) -> int:
    """The number of a day."""
    return (day - EPOCH).days


def seconds(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Whole seconds since 1970 of a UTC instant, rounded down."""
    # Some engines give a fraction here, and round when they make it whole.
    return instant.epoch_seconds().floor().cast("int64")


def local_day(at: ir.IntegerValue, zone: ZoneInfo, *, until: datetime) -> ir.IntegerValue:
    """The number of the local day of an instant, in seconds since 1970, up to `until`."""
    local = at + utc_offset(at, zone, until=until)
    return (local / DAY).floor().cast("int64")


def utc_offset(at: ir.IntegerValue, zone: ZoneInfo, *, until: datetime) -> ir.IntegerValue:
    """Seconds that local time is ahead of UTC at an instant, in seconds since 1970."""
    changes = [change for change in offset_changes(zone) if change[0] <= until]
    branches = [
        (at >= int(change.timestamp()), ibis.literal(offset, "int64"))
        for change, offset in reversed(changes[1:])
    ]
    first = ibis.literal(changes[0][1], "int64")
    return ibis.cases(*branches, else_=first) if branches else first


def midnight(day: ir.IntegerValue, zone: ZoneInfo, *, until: datetime) -> ir.TimestampValue:
    """The UTC instant at which a local day begins."""
    branches: list[tuple[ir.BooleanValue, ir.IntegerValue]] = []
    changes = [change for change in offset_changes(zone) if change[0] <= until]
    for at, offset in reversed(changes[1:]):
        branches.append((day >= _first_day(at, zone), ibis.literal(offset, "int64")))
    first = ibis.literal(changes[0][1], "int64")
    offset = ibis.cases(*branches, else_=first) if branches else first
    return (day * DAY - offset).as_timestamp("s")


def period(day: ir.IntegerValue, per: Period) -> ir.IntegerValue:
    """A number that tells the calendar periods apart; weeks begin on Monday."""
    match per:
        case "day":
            return day
        case "week":
            return ((day + 3) / 7).floor().cast("int64")
        case "month":
            local = (day * DAY).as_timestamp("s")
            return (local.year() * 12 + local.month()).cast("int64")
        case "ever":
            return ibis.literal(0, "int64")


@cache
def offset_changes(zone: ZoneInfo) -> Sequence[tuple[datetime, int]]:
    """Since when, in UTC, which offset holds, in seconds; the first since `FIRST`, up to 2100."""
    changes = [(FIRST, _offset(FIRST, zone))]
    instant, step = FIRST, timedelta(days=7)
    while instant.year < 2100:
        later = instant + step
        if _offset(later, zone) != changes[-1][1]:
            at = _change_between(instant, later, zone)
            changes.append((at, _offset(at, zone)))
            instant = at
        else:
            instant = later
    return tuple(changes)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(middle, zone) == offset else (before, middle)
    return after


def _offset(instant: datetime, zone: ZoneInfo) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _first_day(change: datetime, zone: ZoneInfo) -> int:
    """The first local day whose midnight is at or after the change of the offset."""
    day = change.astimezone(zone).date() - timedelta(days=1)
    while _begins(day, zone) < change:
        day += timedelta(days=1)
    return day_number(day)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
