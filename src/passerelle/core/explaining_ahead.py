"""What would change it and until when, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value, text_of
from passerelle.core.duties import BANT_EVENT
from passerelle.core.explaining_format import (
    capital,
    day,
    event_name,
    number,
    signed,
    stage_name,
    titled,
    value_in_words,
)
from passerelle.core.explaining_why import NameRule
from passerelle.core.history import FIELD_CHANGED
from passerelle.core.outlook import (
    Fall,
    Step,
    Suggestion,
)
from passerelle.core.outlook_values import ANYTHING
from passerelle.core.stages import DISQUALIFIED
from passerelle.core.standing import rank
from passerelle.words import Language, say

_FILL = re.compile(rf"{ANYTHING}\d+")


def change(
    agreement: Agreement,
    suggestions: tuple[Suggestion, ...],
    language: Language,
    *,
    here: str,
    as_of: datetime,
    name_rule: NameRule,
) -> Iterator[str]:
    """What would raise the lead, the cheapest first."""
    if here == DISQUALIFIED:
        yield say("explain.change.disqualified", language)
    elif not suggestions:
        yield say("explain.change.nothing", language)
    for one in suggestions:
        what = _what(agreement, one, language, name_rule=name_rule)
        first = agreement.day(one.events[0].occurred_at)
        if first > agreement.day(as_of):
            what = say("explain.change.from", language, what=what, date=day(first, language))
        yield _outcome(agreement, what, one, language)


def until(
    agreement: Agreement,
    here: str,
    fall: Fall | None,
    language: Language,
    *,
    name_rule: NameRule,
    horizon_days: int,
) -> Iterator[str]:
    """Until when the lead stands where it does, and what takes it down."""
    if rank(agreement, here) <= 0:
        yield say("explain.until.lowest", language)
        return
    if fall is None:
        days = number(Decimal(horizon_days), language)
        yield say("explain.until.never", language, days=days)
        return
    yield say(
        "explain.until.falls",
        language,
        n=fall.total,
        stage=stage_name(agreement, fall.stage, language),
        date=day(fall.on, language),
        total=number(fall.total, language),
    )
    cause = fall.cause
    points = signed(cause.points, language)
    match cause.kind:
        case "faded" | "silence":
            of = name_rule(agreement.rule(cause.of), language)
            yield say(f"explain.until.{cause.kind}", language, of=of, points=points)
        case "override":
            of = titled(agreement, cause.of)
            yield say("explain.until.override", language, of=of, points=points)
        case "evidence":
            of = say(f"explain.criterion.{cause.of}", language)
            yield say("explain.until.evidence", language, of=of, points=points)
        case "fast_track":
            of = titled(agreement, cause.of)
            yield say("explain.until.fast_track", language, of=of)
        case "unknown":
            pass  # nothing to name: a line of the stage itself has moved


def _what(agreement: Agreement, one: Suggestion, language: Language, *, name_rule: NameRule) -> str:
    steps = ", ".join(_step(step, language) for step in one.steps)
    match one.kind:
        case "rule":
            name = name_rule(agreement.rule(one.of), language)
            return say("explain.change.rule", language, rule=name, steps=steps)
        case "override":
            name = titled(agreement, one.of)
            return say("explain.change.rule", language, rule=name, steps=steps)
        case "fast_track":
            name = titled(agreement, one.of)
            return say("explain.change.fast_track", language, rule=name, steps=steps)
        case "stage" | "qualification":
            return capital(steps)


def _step(step: Step, language: Language) -> str:
    properties = step.properties
    if step.event == FIELD_CHANGED and "field" in properties:
        value = value_in_words(properties.get("value"), language)
        return say("explain.change.field", language, field=properties["field"], value=value)
    if step.event == BANT_EVENT and "criterion" in properties:
        criterion = say(f"explain.criterion.{properties['criterion']}", language)
        return say("explain.change.met", language, criterion=criterion)
    event = event_name(step.event, language)
    if values := [_property(name, v, language) for name, v in properties.items() if text_of(v)]:
        event = say("explain.change.with", language, event=event, values=", ".join(values))
    if step.times == 1:
        return event
    count = number(Decimal(step.times), language)
    return say("explain.change.times", language, count=count, event=event)


def _property(name: str, value: Value, language: Language) -> str:
    """The value, after the property's name where any value would do."""
    text = _FILL.sub(ANYTHING, value_in_words(value, language))
    return f"{name} {text}" if text == ANYTHING else text


def _outcome(agreement: Agreement, what: str, one: Suggestion, language: Language) -> str:
    total, gain = number(one.total, language), signed(one.gain, language)
    if not one.rises:
        return say("explain.change.gains", language, what=what, total=total, gain=gain)
    stage = stage_name(agreement, one.stage, language)
    if not one.gain:
        return say("explain.change.enters", language, what=what, stage=stage, total=total)
    return say("explain.change.rises", language, what=what, stage=stage, total=total, gain=gain)
