"""Local days as numbers: `date.toordinal` of the date on which an instant falls in a zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from passerelle.core.memo import Memo


class LocalDays:
    """The days of one zone; the offset that holds throughout a day of UTC is looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._offsets = zone, _Offsets(zone)

    def numbers(self, instants: Iterable[datetime]) -> list[int]:
        """The numbers of the local days of instants."""
        found, offsets = [], self._offsets
        for instant in instants:
            utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
            offset = offsets[utc.toordinal()]
            local = utc.astimezone(self._zone) if offset is None else utc + offset
            found.append(local.toordinal())
        return found


class _Offsets(Memo[int, timedelta | None]):
    """The offset that holds throughout a day of UTC; None when the clocks change on it."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, utc_day: int) -> timedelta | None:
        day = datetime.fromordinal(utc_day)
        first, last = (
            datetime.combine(day, at, UTC).astimezone(self._zone).utcoffset()
            for at in (time.min, time.max)
        )
        return self.keep(utc_day, first if first == last else None)
