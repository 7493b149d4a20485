"""Spans of time as people write them: whole days for ages, exact durations between events."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_SPAN = re.compile(r"(\d+)\s*(mo|min|s|m|h|d|w|y)")
_SECONDS = {
    "s": 1,
    "m": 60,
    "min": 60,
    "h": 3_600,
    "d": 86_400,
    "w": 7 * 86_400,
    "mo": 30 * 86_400,
    "y": 365 * 86_400,
}


def parse_span(value: Any) -> timedelta:
    """A duration such as `90s`, `30m`, `2h`, `7d`, `2w`, `1mo` (30 days) or `1y` (365 days).

    Raises:
        PydanticCustomError: `not_a_span` when the text is no such duration or is zero.
    """
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise PydanticCustomError("not_a_span", "'{found}' is not a duration", {"found": value})
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def parse_days(value: Any) -> int:
    """A number of whole days, from `30d`, `2w`, `1mo` (30 days) or `1y` (365 days).

    Raises:
        PydanticCustomError: `not_days` when the duration is not made of whole days.
    """
    span = parse_span(value)
    if span % timedelta(days=1):
        raise PydanticCustomError("not_days", "'{found}' is not whole days", {"found": value})
    return span.days


Span = Annotated[timedelta, BeforeValidator(parse_span)]
"""An exact duration between two events."""

Days = Annotated[int, BeforeValidator(parse_days)]
"""An age in whole days of the agreement's calendar."""
