"""Numbers, durations, dates and lists as a person of either language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from passerelle.words import Language, say

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_UNITS = (
    (365 * 86_400, "duration-year"),
    (86_400, "duration-day"),
    (3_600, "duration-hour"),
    (60, "duration-minute"),
    (1, "duration-second"),
)


def number(value: Decimal | int, language: Language) -> str:
    """The number with all its decimals: `1,234.5` or `1 234,5`."""
    exact = Decimal(value).normalize() + 0
    return format_decimal(exact, locale=_LOCALES[language], decimal_quantization=False)


def signed(value: Decimal, language: Language) -> str:
    """The number with its sign, a good one too: `+15`."""
    return f"{'+' if value > 0 else ''}{number(value, language)}"


def points(value: Decimal, language: Language) -> str:
    """So many points, with their sign: `+15 points`."""
    return say("sentences.points", language, n=abs(value), number=signed(value, language))


def plain_points(value: Decimal, language: Language) -> str:
    """So many points, without a sign in front of good ones: `5 points`."""
    return say("sentences.points", language, n=abs(value), number=number(value, language))


def span(value: timedelta | int, language: Language) -> str:
    """The duration, or the number of whole days, in the largest unit that fits: `90 minutes`."""
    seconds = value * 86_400 if isinstance(value, int) else int(value.total_seconds())
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return format_unit(seconds // size, unit, length="long", locale=_LOCALES[language])


def day(value: date, language: Language) -> str:
    """The date: `31 January 2026`."""
    said = format_date(value, "long", locale=_LOCALES[language])
    return f"1er{said[1:]}" if language == "fr" and value.day == 1 else said


def every(items: Sequence[str], language: Language) -> str:
    """All of them: `a, b and c`."""
    return format_list(list(items), style="standard", locale=_LOCALES[language])


def either(items: Sequence[str], language: Language) -> str:
    """One of them: `a, b or c`."""
    return format_list(list(items), style="or", locale=_LOCALES[language])


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
