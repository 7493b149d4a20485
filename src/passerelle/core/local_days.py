"""Local days as numbers: `date.toordinal` of the date on which an instant falls in a zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from passerelle.core.memo import Memo


class LocalDays:
    """The days of one zone; the offset that holds throughout a day of UTC is looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offsets = Memo(self._offset_throughout)

    def number(self, instant: datetime) -> int:
        """The number of the local day of an instant."""
        if instant.tzinfo is not UTC:
            instant = instant.astimezone(UTC)
        offset = self._offsets[instant.toordinal()]
        if offset is None:
            return instant.astimezone(self._zone).toordinal()
        return (instant + offset).toordinal()

    def _offset_throughout(self, utc_day: int) -> timedelta | None:
        """The offset on a day of UTC; None when the clocks change on it."""
        day = datetime.fromordinal(utc_day)
        first, last = (
            datetime.combine(day, at, UTC).astimezone(self._zone).utcoffset()
            for at in (time.min, time.max)
        )
        return first if first == last else None
