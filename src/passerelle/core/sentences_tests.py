"""Tests of fields and properties, said as clauses and as what stands between brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from passerelle.core.conditions import DomainIn, InRange, Is, Missing, Patterns, Test
from passerelle.core.ranges import Range
from passerelle.core.sentences_names import field, kind, phase, property_
from passerelle.core.spoken import either, number
from passerelle.words import Language, say


def field_clause(name: str, test: Test, language: Language) -> str:
    """What is asked of a field: `the job title is 'ceo' or 'head of …'`."""
    return _clause(field(name, language), test, language)


def property_clause(name: str, test: Test, language: Language) -> str:
    """What is asked of a property: `the page is '/pricing…'`."""
    if isinstance(test, Patterns) and name == "phase":
        phases = either([phase(p, language) for p in test.patterns], language)
        return say("sentences.test.phase", language, phases=phases)
    if isinstance(test, Patterns) and name == "kind":
        return either([kind(p, language) for p in test.patterns], language)
    return _clause(property_(name, language), test, language)


def in_brackets(clauses: Sequence[str]) -> str:
    """The clauses as an aside, with a space in front; nothing when there are none."""
    return f" ({', '.join(clauses)})" if clauses else ""


def where_clauses(where: Mapping[str, Test], language: Language) -> list[str]:
    """What is asked of an event's properties, one clause each."""
    return [property_clause(name, test, language) for name, test in where.items()]


def quoted(values: Sequence[str], language: Language) -> str:
    """One of the patterns: `'ceo' or 'head of …'`; `…` stands for any characters."""
    texts = [v.replace("*", "…") for v in values]
    return either([say("sentences.quoted", language, text=t) for t in texts], language)


def range_words(range_: Range, language: Language) -> str:
    """The numbers meant: `from 50 to 499`, `50 or more`."""
    low = None if range_.low is None else number(range_.low, language)
    high = None if range_.high is None else number(range_.high, language)
    match low, high:
        case None, None:
            return say("sentences.range.any", language)
        case None, str():
            key = "or_less" if range_.high_included else "below"
        case str(), None:
            key = "or_more" if range_.low_included else "above"
        case _ if range_.low == range_.high:
            key = "exactly"
        case _:
            key = "between" if range_.high_included else "between_below"
    return say(f"sentences.range.{key}", language, low=low or "", high=high or "")


def _clause(subject: str, test: Test, language: Language) -> str:
    match test:
        case Patterns(patterns):
            return say("sentences.test.is", language, it=subject, what=quoted(patterns, language))
        case InRange(range_):
            return say(
                "sentences.test.is", language, it=subject, what=range_words(range_, language)
            )
        case DomainIn(domains):
            return say("sentences.test.at", language, it=subject, what=either(domains, language))
        case Is(expected):
            truth = "true" if expected else "false"
            return say(f"sentences.test.{truth}", language, it=subject)
        case Missing(missing):
            known = "unknown" if missing else "known"
            return say(f"sentences.test.{known}", language, it=subject)
