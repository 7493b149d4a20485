"""How numbers, dates and durations are written in French and in English."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from django.utils.timezone import localtime

from passerelle.words import Language

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_DAY = timedelta(days=1)


def number(value: Decimal | float, language: Language, *, digits: int = 1) -> str:
    """A number to the tenth, or finer: `1,234.5` or `1 234,5`."""
    text = format_decimal(value, f"#,##0.{'#' * digits}", locale=_LOCALES[language])
    return "0" if text == "-0" else text.replace("-", "−")


def signed(value: Decimal | float, language: Language, *, digits: int = 1) -> str:
    """A number with its sign."""
    text = number(value if value > 0 else -value, language, digits=digits)
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"


def day(value: date | datetime, language: Language) -> str:
    """The date in a few letters: `3 Nov 2026`."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    text = format_date(value, "medium", locale=_LOCALES[language])
    return f"1er{text[1:]}" if language == "fr" and value.day == 1 else text


def weekday(value: date | datetime, language: Language) -> str:
    """The day of the week and the date, as a heading: `Tuesday 3 November 2026`."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    text = format_date(value, "EEEE d MMMM y", locale=_LOCALES[language])
    if language == "fr" and value.day == 1:
        text = text.replace(" 1 ", " 1er ", 1)
    return text[:1].upper() + text[1:]


def moment(value: datetime, language: Language) -> str:
    """The date and the time, in the zone of the page."""
    at = format_datetime(localtime(value), "medium", locale=_LOCALES[language])
    return at.rsplit(":", 1)[0]


def clock(value: datetime, language: Language) -> str:
    """The time of day: `14:05`."""
    return format_time(localtime(value).timetz(), "HH:mm", locale=_LOCALES[language])


def ago(value: datetime, language: Language, *, now: datetime) -> str:
    """How long ago, or in how long; the date once that is more than a month."""
    gap = value - now
    if abs(gap) > 31 * _DAY:
        return day(value, language)
    return format_timedelta(gap, add_direction=True, locale=_LOCALES[language])


def span(value: timedelta, language: Language) -> str:
    """A duration in its two largest units: `2 days 3 hours`."""
    seconds = int(value.total_seconds())
    said: list[str] = []
    for size in (86_400, 3_600, 60, 1):
        whole, seconds = divmod(seconds, size)
        if whole or (size == 1 and not said):
            part = timedelta(seconds=whole * size)
            said.append(format_timedelta(part, threshold=1000, locale=_LOCALES[language]))
        if len(said) == 2:
            break
    return " ".join(said)
