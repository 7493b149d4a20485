"""What a rule is worth, said in clauses: how many points, how often, for how long."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from passerelle.core.parts import Band, Decay, Expiry, HalfLife, Limit, LinearDecay, StepDecay
from passerelle.core.rules import (
    PERSON,
    CountingRule,
    DistinctRule,
    Fading,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.core.sentences_names import once
from passerelle.core.sentences_tests import quoted, range_words
from passerelle.core.spoken import day, number, plain_points, points, span
from passerelle.words import Language, say


def worth_clauses(rule: Rule, language: Language) -> Iterator[str]:
    """What the rule is worth, clause by clause: points, choice, fading, its own lines."""
    yield from _given(rule, language)
    if rule.max is not None:
        yield say("sentences.worth.max", language, number=number(rule.max, language))
    if rule.min is not None:
        yield say("sentences.worth.min", language, number=number(rule.min, language))


def _given(rule: Rule, language: Language) -> Iterator[str]:
    match rule:
        case FieldRule():
            yield _field_points(rule, language)
        case CountingRule(counts=None):
            given = points(rule.points or Decimal(0), language)
            once_only = rule.first_only == PERSON
            each = say("sentences.worth.each_time", language, points=given)
            yield given if once_only else each
            yield from _choice(rule, language)
            yield from _fading(rule, language)
        case CountingRule():
            yield _banded(rule.counts or (), language)
            yield from _choice(rule, language)
            if rule.window is not None:
                yield _counted_within(rule.window, language)
        case DistinctRule():
            if rule.distinct.counts is not None:
                yield _banded(rule.distinct.counts, language)
            else:
                yield points(rule.points or Decimal(0), language)
            if rule.window is not None:
                yield _counted_within(rule.window, language)
        case VelocityRule():
            yield points(rule.points, language)
            yield from _fading(rule, language)
        case InactivityRule():
            yield points(rule.points, language)
            if rule.inactive.every is not None:
                further = span(rule.inactive.every, language)
                yield say("sentences.worth.again", language, span=further)


def _field_points(rule: FieldRule, language: Language) -> str:
    if rule.bands is not None:
        return _banded(rule.bands, language)
    if rule.values is None:
        return points(rule.points or Decimal(0), language)
    cases = [
        _case(quoted([value], language), worth, language) for value, worth in rule.values.items()
    ]
    if rule.otherwise is not None:
        cases.append(_case(say("sentences.worth.otherwise", language), rule.otherwise, language))
    return _joined(cases, language)


def _banded(bands: tuple[Band, ...], language: Language) -> str:
    cases = [_case(range_words(b.range, language), b.points, language) for b in bands]
    return _joined(cases, language)


def _joined(cases: list[str], language: Language) -> str:
    said = cases[0]
    for case in cases[1:]:
        said = say("sentences.worth.next_case", language, cases=said, case=case)
    return said


def _case(when: str, worth: Decimal, language: Language) -> str:
    return say("sentences.worth.case", language, when=when, points=points(worth, language))


def _counted_within(window: int, language: Language) -> str:
    return say("sentences.worth.counted_within", language, span=span(window, language))


def _choice(rule: CountingRule, language: Language) -> Iterator[str]:
    """Which occurrences count."""
    since, until = rule.valid.since, rule.valid.until
    if since is not None and until is not None:
        first, last = day(since, language), day(until, language)
        yield say("sentences.worth.between", language, first=first, last=last)
    elif since is not None:
        yield say("sentences.worth.since", language, day=day(since, language))
    elif until is not None:
        yield say("sentences.worth.until", language, day=day(until, language))
    if rule.first_only is not None:
        yield once(rule.first_only, language)
    if rule.cool_down is not None:
        yield say("sentences.worth.cool_down", language, span=span(rule.cool_down, language))
    if rule.limit is not None:
        yield _limit(rule.limit, language)


def _limit(limit: Limit, language: Language) -> str:
    period = say(f"sentences.per.{limit.per}", language)
    if limit.points is not None:
        most = plain_points(limit.points, language)
        return say("sentences.worth.limit_points", language, points=most, per=period)
    return say("sentences.worth.limit_times", language, n=limit.times, per=period)


def _fading(rule: Fading, language: Language) -> Iterator[str]:
    if rule.decay is not None:
        yield _decay(rule.decay, language)
    if rule.window is not None:
        yield say("sentences.worth.window", language, span=span(rule.window, language))


def _decay(decay: Decay, language: Language) -> str:
    match decay:
        case HalfLife(days=days):
            return say("sentences.worth.half_life", language, span=span(days, language))
        case LinearDecay(percent=percent, per=days):
            share = number(percent, language)
            return say("sentences.worth.linear", language, percent=share, span=span(days, language))
        case StepDecay(percent=percent, every=days):
            share = number(percent, language)
            return say("sentences.worth.step", language, percent=share, span=span(days, language))
        case Expiry(days=days):
            return say("sentences.worth.expires", language, span=span(days, language))
