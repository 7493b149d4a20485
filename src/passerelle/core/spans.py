"""Spans of time as people write them: whole days for ages, exact durations between events."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_SPAN = re.compile(r"([0-9]+)\s*(mo|min|s|m|h|d|w|y)")
_LONGEST = 100 * 365 * 86_400
_MOST_DIGITS = 10
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
        PydanticCustomError: `not_a_span` when the text is no such duration or is zero,
            `span_too_long` when it is more than a century.
    """
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not match[1].strip("0"):
        raise PydanticCustomError("not_a_span", "'{found}' is not a duration", {"found": value})
    number = match[1].lstrip("0")
    seconds = int(number[:_MOST_DIGITS]) * _SECONDS[match[2]]
    if len(number) > _MOST_DIGITS or seconds > _LONGEST:
        raise PydanticCustomError("span_too_long", "'{found}' is too long", {"found": value})
    return timedelta(seconds=seconds)


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
