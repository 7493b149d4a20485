"""Numbers, shares and dates as a person of either language writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from passerelle.words import Language, say

LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
NONE = "–"


def count(n: int, language: Language) -> str:
    """A number of things: `12,345`."""
    return format_decimal(n, "#,##0", locale=LOCALES[language])


def points(value: Decimal | float | None, language: Language) -> str:
    """Points to the hundredth; a dash where there are none to speak of."""
    if value is None:
        return NONE
    text = format_decimal(abs(round(Decimal(str(value)), 2)), "#,##0.##", locale=LOCALES[language])
    return f"−{text}" if round(Decimal(str(value)), 2) < 0 else text


def signed(value: Decimal | float | None, language: Language) -> str:
    """Points with their sign, a good one too: `+15`."""
    if value is None:
        return NONE
    return ("+" if round(Decimal(str(value)), 2) > 0 else "") + points(value, language)


def whole(value: float, language: Language) -> str:
    """Many points with their sign and without decimals: `−150,747`."""
    return signed(Decimal(round(value)), language)


def share(part: float, whole: float, language: Language) -> str:
    """Part of a whole in per cent; never 0 % or 100 % of what is not quite."""
    if not whole:
        return NONE
    ratio = part / whole
    if 0 < ratio < 0.001:
        return say("report.share.less", language, share=_percent(0.001, language))
    if 0.999 < ratio < 1:
        return say("report.share.more", language, share=_percent(0.999, language))
    return _percent(ratio, language)


def day(on: date, language: Language) -> str:
    """A date: `1 March 2026`, `1er mars 2026`."""
    return _first(format_date(on, "d MMMM y", locale=LOCALES[language]), language)


def month(on: date, language: Language) -> str:
    """A month: `Mar 2026`."""
    return format_date(on, "MMM y", locale=LOCALES[language])


def instant(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """An instant in the zone: `1 March 2026, 09:30`."""
    local = at.astimezone(zone)
    text = format_datetime(local, "d MMMM y, HH:mm", locale=LOCALES[language])
    return _first(text, language)


def range_of(low: float | None, high: float | None, language: Language) -> str:
    """From one end to another, of which one may be missing: `0 … 100`, `≤ 24`."""
    if low is None:
        return f"≤\u00a0{points(high, language)}"
    if high is None:
        return f"≥\u00a0{points(low, language)}"
    return f"{points(low, language)}\u00a0… {points(high, language)}"


def _first(text: str, language: Language) -> str:
    """The first of a month as the French write it."""
    return f"1er {text[2:]}" if language == "fr" and text.startswith("1 ") else text


def _percent(ratio: float, language: Language) -> str:
    pattern = "#,##0.#%" if language == "en" else "#,##0.#\u00a0%"
    return format_percent(ratio, pattern, locale=LOCALES[language])
