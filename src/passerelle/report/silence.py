"""Rules that never fire, each with a hint at what may be the matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from passerelle.core.agreement import Agreement
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    EventRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.core.sentences_names import nouns
from passerelle.report.field_numbers import FieldNumbers
from passerelle.report.figures import count
from passerelle.report.log_numbers import LogNumbers
from passerelle.report.naming import field_label
from passerelle.report.plain_text import plain
from passerelle.report.rule_numbers import RuleNumbers
from passerelle.words import Language, say


@dataclass(frozen=True, slots=True)
class Silent:
    """A rule that changes no score, and why that may be."""

    rule: str
    hint: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the data hold that rules may ask for."""

    fields: Sequence[FieldNumbers]
    log: LogNumbers


def silent_rules(
    agreement: Agreement, rules: Sequence[RuleNumbers], data: Evidence, language: Language
) -> Iterator[Silent]:
    """The rules that count for nobody, in the order of the agreement."""
    numbers: Mapping[str, RuleNumbers] = {rule.key: rule for rule in rules}
    for rule in agreement.rules:
        found = numbers[rule.key]
        if found.fired and not found.counts:
            n = found.fired
            yield Silent(
                rule.key, say("report.silent.over", language, n=n, leads=count(n, language))
            )
        elif not found.fired:
            yield Silent(rule.key, _hint(rule, data, language))


def _hint(rule: Rule, data: Evidence, language: Language) -> str:
    if isinstance(rule, FieldRule):
        return _of_field(rule, data.fields, language)
    names, where = _asked(rule)
    if names is None:
        return say("report.silent.visits", language)
    there = sum(data.log.of(name) for name in names)
    told = nouns(tuple(plain(name) for name in names), language)
    if not there:
        return _of_absent(names, told, data.log, language)
    if isinstance(rule, InactivityRule):
        return say("report.silent.nobody_silent", language)
    key = "no_match" if where else "not_enough"
    return say(f"report.silent.{key}", language, n=count(there, language), events=told)


def _of_field(rule: FieldRule, fields: Sequence[FieldNumbers], language: Language) -> str:
    label = field_label(rule.field, language)
    found = next((field for field in fields if field.name == rule.field), None)
    if found is None or not found.filled:
        return say("report.silent.field_empty", language, field=label)
    values = ", ".join(plain(value, most=30) for value, _ in found.values)
    key = "field_other" if values else "field_none"
    n = found.filled
    data = {"field": label, "values": values, "count": count(n, language)}
    return say(f"report.silent.{key}", language, n=n, **data)


def _of_absent(names: Sequence[str], told: str, log: LogNumbers, language: Language) -> str:
    known = [event.name for event in log.events]
    near = [n for name in names for n in get_close_matches(name, known, n=1, cutoff=0.7)]
    if near:
        return say("report.silent.absent_near", language, events=told, near=plain(near[0]))
    return say("report.silent.absent", language, events=told)


def _asked(rule: Rule) -> tuple[Sequence[str] | None, bool]:
    """The events a rule asks for, None for visits, and whether it asks for more than the name."""
    match rule:
        case EventRule():
            return rule.event, bool(rule.where)
        case VelocityRule():
            return rule.velocity.events, False
        case InactivityRule():
            return rule.inactive.events, False
        case DistinctRule():
            return rule.distinct.events, bool(rule.distinct.where)
        case CountingRule():
            return None, bool(rule.where)
    return None, False
