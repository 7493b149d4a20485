"""Instants as people type them: `now`, a date, a date with a time, with or without an offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.project.failures import Refused

NOW = "now"
YEARS = range(2000, 2200)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_instant(
    text: str, *, agreement: Agreement, now: datetime, option: str, edge: Literal["start", "end"]
) -> datetime:
    """The instant that `text` names, in UTC.

    A time without an offset is the agreement's own. A date alone is its first or its last
    instant, as `edge` says.

    Raises:
        Refused: it names none, or one so far away that it must be a mistake.
    """
    written = text.strip()
    if written.lower() == NOW:
        return now
    try:
        if _DATE.fullmatch(written):
            instant = _edge(date.fromisoformat(written), agreement, edge)
        else:
            local = datetime.fromisoformat(written)
            instant = local if local.tzinfo else local.replace(tzinfo=agreement.zone)
            instant = instant.astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise Refused("cli.refused.instant", option=option, found=text) from fault
    if instant.year not in YEARS:
        raise Refused("cli.refused.instant_far", option=option, found=text)
    return instant


def _edge(day: date, agreement: Agreement, edge: Literal["start", "end"]) -> datetime:
    if edge == "start":
        return agreement.midnight(day)
    return agreement.midnight(day + timedelta(days=1)) - timedelta(microseconds=1)
