"""Each rule in one sentence: what it looks at, what that is worth, how long, how often."""

from __future__ import annotations

from collections.abc import Mapping

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Patterns, Test
from passerelle.core.parts import SIGNS_OF_LIFE
from passerelle.core.rules import (
    DAY,
    EVENT,
    VISIT,
    CountingRule,
    Distinct,
    DistinctRule,
    EventRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
    VisitRule,
    Visits,
)
from passerelle.core.sentences_names import acts, field, nouns, phase, property_, view
from passerelle.core.sentences_tests import field_clause, in_brackets, where_clauses
from passerelle.core.sentences_worth import worth_clauses
from passerelle.core.spoken import capital, number, span
from passerelle.words import Language, say

_LONGEST_NAME = 72


def rule_sentence(rule: Rule, language: Language, *, agreement: Agreement | None = None) -> str:
    """The rule in one sentence; with its agreement, the phase of its content is said too."""
    what = _what(rule, language, agreement)
    worth = ", ".join(worth_clauses(rule, language))
    if rule.title is None:
        return say("sentences.rule.line", language, what=capital(what), worth=worth)
    return say("sentences.rule.titled", language, title=rule.title, what=what, worth=worth)


def short_rule_name(rule: Rule, language: Language) -> str:
    """The rule's title, or a short phrase for what it looks at, to stand in tables."""
    name = rule.title or capital(_what(rule, language, None))
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _what(rule: Rule, language: Language, agreement: Agreement | None) -> str:
    match rule:
        case CountingRule() if rule.counts is not None:
            once = rule.model_copy(update={"counts": None})
            times = _what(once, language, agreement)
            return say("sentences.rule.times", language, what=times)
        case FieldRule():
            return _field(rule, language)
        case EventRule():
            return _event(rule, language, agreement)
        case VisitRule():
            return _visit(rule.visit, language) + _aside(rule.where, language)
        case DistinctRule():
            return _distinct(rule.distinct, language)
        case VelocityRule():
            asked = rule.velocity
            return say(
                "sentences.rule.velocity",
                language,
                count=number(asked.at_least, language),
                events=nouns(asked.events, language) + _aside(asked.where, language),
                span=span(asked.within, language),
            )
        case InactivityRule():
            return _silence(rule, language)


def _field(rule: FieldRule, language: Language) -> str:
    if rule.test is not None:
        return field_clause(rule.field, rule.test, language)
    return say("sentences.rule.by", language, what=field(rule.field, language))


def _event(rule: EventRule, language: Language, agreement: Agreement | None) -> str:
    where = dict(rule.where)
    kind = where.get("kind")
    what = acts(rule.event, language)
    extra: list[str] = []
    if isinstance(kind, Patterns) and len(kind.patterns) == 1 and rule.event == ("page",):
        if seen := view(kind.patterns[0], language):
            what = seen
            del where["kind"]
        if "phase" not in where:
            extra = _phases(kind, language, agreement)
    return what + in_brackets([*where_clauses(where, language), *extra])


def _phases(kind: Patterns, language: Language, agreement: Agreement | None) -> list[str]:
    """The phase that all content of the kind has, when it is one."""
    content = agreement.content if agreement else ()
    found = {piece.phase for piece in content if piece.kind and kind.holds(piece.kind)}
    if len(found) != 1 or not (only := found.pop()):
        return []
    return [say("sentences.test.phase", language, phases=phase(only, language))]


def _visit(asked: Visits, language: Language) -> str:
    if asked.lasts is not None:
        return say("sentences.rule.visit_lasts", language, span=span(asked.lasts, language))
    after = "" if asked.after is None else span(asked.after, language)
    within = "" if asked.within is None else span(asked.within, language)
    match after, within:
        case "", "":
            key = "visit"
        case _, "":
            key = "visit_after"
        case "", _:
            key = "visit_within"
        case _:
            key = "visit_between"
    return say(f"sentences.rule.{key}", language, after=after, within=within)


def _distinct(asked: Distinct, language: Language) -> str:
    of = asked.of if asked.of in (VISIT, DAY, EVENT) else "value"
    things = say(f"sentences.things.{of}", language, property=property_(asked.of, language))
    clauses = where_clauses(asked.where, language)
    if "*" not in asked.events:
        clauses.insert(0, nouns(asked.events, language))
    aside = in_brackets(clauses)
    if asked.at_least is None:
        return say("sentences.rule.by_number", language, things=things) + aside
    count = number(asked.at_least, language)
    return say("sentences.rule.at_least", language, count=count, things=things) + aside


def _silence(rule: InactivityRule, language: Language) -> str:
    lasting = span(rule.inactive.span, language)
    if SIGNS_OF_LIFE in rule.inactive.events:
        return say("sentences.rule.silence", language, span=lasting)
    events = nouns(rule.inactive.events, language)
    return say("sentences.rule.silence_of", language, events=events, span=lasting)


def _aside(where: Mapping[str, Test], language: Language) -> str:
    return in_brackets(where_clauses(where, language))
