"""When an event happened: by its own time, put right where the client's clock was off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from passerelle.apps.capture.limits import Limits

_MILLISECONDS = 10**11  # a number above is in milliseconds: as seconds it would be the year 5138


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, and the day that a retry of the message names, too."""

    occurred_at: datetime
    day: int
    timed: bool


def moment_of(
    call: Mapping[str, Any], *, sent_at: str | None, received_at: datetime, limits: Limits
) -> Moment | None:
    """When a call happened; None if its time makes no sense.

    The clock rule of the Segment spec: received − (sent − original). It is applied only where the
    client's clock is off by more than `skew_seconds`, so that a true time stands as it was given. A
    `timestamp` beside an `originalTimestamp` was given by a person or a back-fill, and stands.
    """
    stated, original = call.get("timestamp"), call.get("originalTimestamp")
    if stated is None and original is None:
        return Moment(received_at, received_at.toordinal(), timed=False)
    given = instant(stated if stated is not None else original)
    if given is None:
        return None
    happened = given
    if stated is None or original is None:
        sent = instant(call.get("sentAt") or sent_at)
        skew = received_at - sent if sent else timedelta()
        if abs(skew) > timedelta(seconds=limits.skew_seconds):
            happened = _shifted(given, skew)
    if happened - received_at > timedelta(seconds=limits.future_seconds):
        return None
    if happened.year < limits.oldest_year:
        return None
    return Moment(min(happened, received_at), given.toordinal(), timed=True)


def instant(given: object) -> datetime | None:
    """An instant in ISO 8601 (UTC if it names no zone), or in (milli)seconds since 1970."""
    try:
        match given:
            case str():
                found = datetime.fromisoformat(given.strip())
                return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
            case bool():
                return None
            case int() | float():
                seconds = given / 1000 if abs(given) > _MILLISECONDS else given
                return datetime.fromtimestamp(seconds, UTC)
            case _:
                return None
    except (ValueError, OverflowError, OSError):
        return None


def _shifted(given: datetime, by: timedelta) -> datetime:
    try:
        return given + by
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)  # which is refused as absurdly old
