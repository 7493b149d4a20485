"""The times that an event may have: from the year 2000 to a day after the latest there can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # as the columns are
SLACK = timedelta(days=1)


def in_range(at: str, latest: datetime) -> str:
    """The SQL condition that the instant `at` can be an event's; `latest` is naive UTC."""
    return f"({at} >= TIMESTAMP '{EARLIEST}' AND {at} <= TIMESTAMP '{latest + SLACK}')"
