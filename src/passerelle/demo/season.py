"""The calendar of a French and European company: when people work, browse and answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from passerelle.demo.draws import DAY, HOUR, Codes, Flags, Floats, choose

PARIS = ZoneInfo("Europe/Paris")
# Appointments may fall after the last day; the log is cut there later.
BEYOND = 800
WEEKDAYS = (1.0, 1.08, 1.05, 1.0, 0.84, 0.17, 0.15)
OFFICE_HOURS = (
    1, 1, 1, 1, 1, 2, 6, 18, 48, 82, 96, 90, 46, 58, 88, 92, 86, 66, 36, 22, 18, 16, 10, 4,
)  # fmt: skip
WEEKEND_HOURS = (
    3, 2, 1, 1, 1, 1, 3, 6, 14, 28, 40, 42, 30, 30, 38, 42, 44, 42, 36, 32, 38, 40, 26, 12,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Season:
    """One row a day from the first day on: its weight, its offset from UTC, whether one works.

    `days` full days lie before `until`; the rows go on beyond it for appointments to come.
    """

    first: date
    days: int
    until: int
    weight: Floats
    offset: Codes
    working: Flags
    next_working: Codes

    def instants(self, rng: np.random.Generator, days: Codes) -> Codes:
        """An instant (µs since 1970, UTC) at a believable hour of each of the local `days`."""
        weekend = ~self.working[days]
        hours = np.where(
            weekend,
            choose(rng, WEEKEND_HOURS, size=len(days)),
            choose(rng, OFFICE_HOURS, size=len(days)),
        )
        return self.at(days, hours * HOUR + rng.integers(0, HOUR, len(days)))

    def at(self, days: Codes, of_day: Codes | int) -> Codes:
        """The UTC instant of a local time of day, given in µs after midnight."""
        return (_since_epoch(self.first) + days) * DAY + of_day - self.offset[days]

    def local_days(self, instants: Codes) -> Codes:
        """The local day, counted from the first, that each instant falls on."""
        rough = np.clip(instants // DAY - _since_epoch(self.first), 0, len(self.offset) - 1)
        local = (instants + self.offset[rough]) // DAY - _since_epoch(self.first)
        clipped: Codes = np.clip(local, 0, len(self.offset) - 1)
        return clipped

    def in_office(self, rng: np.random.Generator, instants: Codes) -> Codes:
        """Each instant, put off to the next morning at work where nobody is in the office."""
        days = self.local_days(instants)
        of_day = instants - self.at(days, 0)
        too_late = of_day >= 18 * HOUR
        wanted = np.minimum(days + too_late, len(self.offset) - 1)
        moved = self.next_working[wanted]
        early = (moved > days) | (of_day < 9 * HOUR)
        morning = self.at(moved, 9 * HOUR + rng.integers(0, 2 * HOUR, len(days)))
        return np.where(early, morning, instants)


def season_until(until: datetime, *, months: int) -> Season:
    """The days of the `months` that end at `until`, in Paris time."""
    last = until.astimezone(PARIS).date()
    first = _months_before(last, months)
    days = (last - first).days
    dates = [first + timedelta(days=i) for i in range(days + BEYOND)]
    off = _holidays({day.year for day in dates})
    working = np.array([day.weekday() < 5 and day not in off for day in dates])
    return Season(
        first=first,
        days=days,
        until=int((until - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)),
        weight=np.array([_weight(day, holiday=day in off) for day in dates]),
        offset=np.array([_offset(day) for day in dates], dtype=np.int64),
        working=working,
        next_working=_next_true(working),
    )


def _weight(day: date, *, holiday: bool) -> float:
    weight = WEEKDAYS[day.weekday()] * (0.2 if holiday else 1.0)
    if day.month == 8:
        return weight * 0.45
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 3):
        return weight * 0.35
    return weight * (0.8 if day.month == 7 and day.day > 13 else 1.0)


def _holidays(years: set[int]) -> set[date]:
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    days = {date(year, month, day) for year in years for month, day in fixed}
    after_easter = (1, 39, 50)
    return days | {_easter(y) + timedelta(days=n) for y in years for n in after_easter}


def _easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _offset(day: date) -> int:
    noon = datetime.combine(day, time(12), tzinfo=PARIS)
    return int((noon.utcoffset() or timedelta()) / timedelta(microseconds=1))


def _next_true(flags: Flags) -> Codes:
    positions = np.where(flags, np.arange(len(flags)), len(flags) - 1)
    return np.minimum.accumulate(positions[::-1])[::-1].astype(np.int64)


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))


def _since_epoch(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
