"""Changes that have a sentence of their own: points, lines, weights, clocks, waiting times."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from passerelle.core.agreement import Agreement
from passerelle.core.ranges import Range
from passerelle.core.rules import Rule
from passerelle.core.sentences_names import clock, field, level, of_stage, reason
from passerelle.core.sentences_rules import short_rule_name
from passerelle.core.spoken import capital, number, plain_points, span
from passerelle.core.stages import TOTAL
from passerelle.words import Language, say

_Between = tuple[Agreement, Agreement]


def leaf_sentence(
    path: tuple[str, ...], old: Any, new: Any, between: _Between, language: Language
) -> str | None:
    """What the change of one value means, when there is a sentence for it."""
    if old is None or new is None:
        return None
    match path:
        case ("rules", key, "points" | "max" | "min" as what):
            return _of_rule(between, key, what, old, new, language)
        case ("stages", key, "when", "levels", of):
            return _line(between[1], key, of, old, new, language)
        case ("stages", key, "falls_below", of):
            stage = of_stage(key, language, agreement=between[1])
            numbers = _numbers(old, new, language)
            if of != TOTAL:
                name = level(of, language)
                return say("differences.falls_of", language, stage=stage, what=name, **numbers)
            return say("differences.falls", language, stage=stage, **numbers)
        case ("dimensions", key, "weight"):
            name = capital(level(key, language))
            shares = _numbers(old * 100, new * 100, language)
            return say("differences.weight", language, what=name, **shares)
        case ("groups", key, "max"):
            return say("differences.group_max", language, group=key, **_numbers(old, new, language))
    return _of_duties(path, old, new, language)


def _of_duties(path: tuple[str, ...], old: Any, new: Any, language: Language) -> str | None:
    match path:
        case ("qualification", "bant", "evidence_expires"):
            return say("differences.evidence", language, **_spans(old, new, language))
        case ("qualification", "bant", criterion):
            what = capital(field(criterion, language))
            numbers = _numbers(old, new, language)
            return say("differences.criterion", language, what=what, **numbers)
        case ("handoff", "clocks", key, "accept" | "contact" as what):
            name = clock(key, language)
            spans = _spans(old, new, language)
            return say(f"differences.{what}", language, clock=name, **spans)
        case ("recycle", "after", why):
            said = capital(reason(why, language))
            return say("differences.after", language, reason=said, **_spans(old, new, language))
        case ("recycle", "rearm", "new_points"):
            was, now = plain_points(old, language), plain_points(new, language)
            return say("differences.rearm", language, old=was, new=now)
    return None


def _of_rule(
    between: _Between, key: str, what: str, old: Decimal, new: Decimal, language: Language
) -> str | None:
    before, after = between[0].rule(key), between[1].rule(key)
    if type(before) is not type(after) or _name(before, language) != _name(after, language):
        return None
    name = _name(after, language)
    if what == "points":
        now = plain_points(new, language)
        return say("differences.points", language, name=name, old=number(old, language), new=now)
    return say(f"differences.{what}", language, name=name, **_numbers(old, new, language))


def _name(rule: Rule, language: Language) -> str:
    return short_rule_name(rule, language)


def _line(
    agreement: Agreement, key: str, of: str, old: Range, new: Range, language: Language
) -> str | None:
    if old.low is None or new.low is None or old.high is not None or new.high is not None:
        return None
    if old.low_included is not new.low_included:
        return None
    stage = of_stage(key, language, agreement=agreement)
    numbers = _numbers(old.low, new.low, language)
    if of == TOTAL:
        return say("differences.line", language, stage=stage, **numbers)
    what = level(of, language)
    return say("differences.line_of", language, stage=stage, what=what, **numbers)


def _numbers(old: Decimal, new: Decimal, language: Language) -> dict[str, str]:
    return {"old": number(old, language), "new": number(new, language)}


def _spans(old: Any, new: Any, language: Language) -> dict[str, str]:
    return {"old": span(old, language), "new": span(new, language)}
