"""Numbers, dates and names as a person reads them, in French and in English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import (
    DomainIn,
    InRange,
    Is,
    Missing,
    Patterns,
    Test,
    Value,
    text_of,
)
from passerelle.core.outlook_gaps import BANT
from passerelle.core.ranges import Range
from passerelle.core.stages import (
    DISQUALIFIED,
    HANDOFF,
    LEAD,
    NURTURING,
    SALES_QUALIFIED,
    TOTAL,
)
from passerelle.words import Language, catalogue, say


def number(points: Decimal, language: Language) -> str:
    """Points to the hundredth, finer where they would seem to be none."""
    fine = points and abs(points) < Decimal("0.005")
    text = format_decimal(points, "#,##0.######" if fine else "#,##0.##", locale=language)
    return str(text).replace("-", "−")


def signed(points: Decimal, language: Language) -> str:
    """Points with their sign."""
    text = number(abs(points), language)
    return f"−{text}" if points < 0 else f"+{text}"


def day(on: date, language: Language) -> str:
    """A date in full."""
    text = str(format_date(on, "long", locale=language))
    return text.replace("1 ", "1er ", 1) if language == "fr" and on.day == 1 else text


def ago(days: int, language: Language) -> str:
    """So many local days back."""
    if days <= 0:
        return say("explain.ago.today", language)
    if days == 1:
        return say("explain.ago.yesterday", language)
    return say("explain.ago.days", language, n=days, count=number(Decimal(days), language))


def value_in_words(value: Value, language: Language) -> str:
    """What a field or a property holds."""
    match value:
        case bool():
            return say("explain.answer.yes" if value else "explain.answer.no", language)
        case int() | float() | Decimal():
            return number(Decimal(str(value)), language)
        case date():
            return day(value, language)
    return text_of(value) or say("explain.answer.nothing", language)


def test_in_words(test: Test, language: Language) -> str:
    """What a test asks for."""
    match test:
        case Patterns():
            return alternatives(test.patterns, language)
        case DomainIn():
            return alternatives([f"@{domain}" for domain in test.domains], language)
        case InRange():
            return range_in_words(test.range, language)
        case Is():
            return value_in_words(test.expected, language)
        case Missing():
            missing = test.missing
            return say(f"explain.answer.{'nothing' if missing else 'something'}", language)


def range_in_words(line: Range, language: Language) -> str:
    """A range with its numbers in the language's own spelling."""
    low = None if line.low is None else number(line.low, language)
    high = None if line.high is None else number(line.high, language)
    if low is not None and low == high:
        return low
    if low is None:
        return f"{'≤' if line.high_included else '<'} {high}"
    if high is None:
        return f"{'≥' if line.low_included else '>'} {low}"
    return f"{low}–{high}"


def alternatives(names: Sequence[str], language: Language) -> str:
    """One of several, the last after an `or`."""
    *first, last = names
    if not first:
        return last
    return say("explain.answer.or", language, first=", ".join(first), last=last)


def stage_name(agreement: Agreement, stage: str, language: Language) -> str:
    """The stage's label, or the word for a stage that every agreement has."""
    own = agreement.stages.get(stage)
    if own is not None and own.label:
        return own.label
    if own is None and stage in (LEAD, HANDOFF, SALES_QUALIFIED, NURTURING, DISQUALIFIED):
        return say(f"explain.stage.{stage}", language)
    return stage


def titled(agreement: Agreement, key: str) -> str:
    """The title of a fast track, disqualifier or override, or its key."""
    triggers = (*agreement.fast_tracks, *agreement.disqualify, *agreement.overrides)
    return next((one.title or one.key for one in triggers if one.key == key), key)


def level_name(level: str, language: Language) -> str:
    """The name of a level: the total's, BANT's, or the dimension's key."""
    return say(f"explain.level.{level}", language) if level in (TOTAL, BANT) else level


def event_name(event: str, language: Language) -> str:
    """The event in words, when it is one of the trade's own; its name otherwise."""
    known = event in catalogue("explain", language)["event"]
    return say(f"explain.event.{event}", language) if known else event


def capital(text: str) -> str:
    """The text with its first letter as a sentence begins."""
    return text[:1].upper() + text[1:]
