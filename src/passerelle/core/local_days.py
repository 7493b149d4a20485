"""Local days as numbers: `date.toordinal` of the date on which an instant falls in a zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from passerelle.core.memo import Memo


class LocalDays:
    """The days of one zone; how a day of UTC falls into them is looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._halves = zone, _Halves(zone)

    def numbers(self, instants: Iterable[datetime]) -> list[int]:
        """The numbers of the local days of instants."""
        found, halves = [], self._halves
        for instant in instants:
            utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
            first, midnight = halves[utc.toordinal()]
            if midnight is None:
                found.append(utc.astimezone(self._zone).toordinal())
            else:
                found.append(first if utc < midnight else first + 1)
        return found


class _Half(NamedTuple):
    """The local day with which a day of UTC begins, and the midnight at which the next begins."""

    first: int
    midnight: datetime | None


class _Halves(Memo[int, _Half]):
    """How days of UTC fall into local ones; no midnight is known where the clocks change."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, utc_day: int) -> _Half:
        day = datetime.fromordinal(utc_day)
        begins, ends = (
            datetime.combine(day, at, UTC).astimezone(self._zone) for at in (time.min, time.max)
        )
        first, offset = begins.toordinal(), begins.utcoffset()
        if offset is None or offset != ends.utcoffset():
            return self.keep(utc_day, _Half(first, None))
        midnight = datetime.combine(begins.date(), time.min, UTC) + timedelta(days=1) - offset
        return self.keep(utc_day, _Half(first, midnight))
