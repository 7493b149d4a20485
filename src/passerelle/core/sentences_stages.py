"""Stages, fast tracks, disqualifiers and overrides, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.core.agreement import Agreement
from passerelle.core.sentences_names import acts, clock, level, nouns, stage
from passerelle.core.sentences_tests import (
    field_clause,
    in_brackets,
    range_words,
    where_clauses,
)
from passerelle.core.spoken import capital, either, every, number, span
from passerelle.core.stages import Disqualifier, FastTrack, Override, Stage, Trigger, When
from passerelle.words import Language, say


def stage_sentence(key: str, declared: Stage, language: Language) -> str:
    """When a lead enters a stage, and when it falls out of it."""
    name = capital(declared.label or stage(key, language))
    clauses = list(_when(declared.when, language)) if declared.when else []
    if not clauses:
        return say("sentences.stage.always", language, stage=name)
    asked = every(clauses, language)
    if not declared.falls_below:
        return say("sentences.stage.enters", language, stage=name, asked=asked)
    falls = [
        say(
            "sentences.stage.falls",
            language,
            what=level(of, language),
            line=number(line, language),
        )
        for of, line in declared.falls_below.items()
    ]
    leaves = either(falls, language)
    return say("sentences.stage.stays", language, stage=name, asked=asked, falls=leaves)


def trigger_sentence(
    trigger: Trigger, language: Language, *, agreement: Agreement | None = None
) -> str:
    """What a fast track, a disqualifier or an override looks at, and what it does."""
    what = _looked_at(trigger, language)
    if trigger.title is not None:
        what = say("sentences.trigger.titled", language, title=trigger.title, what=what)
    effect = ", ".join(_effects(trigger, language, agreement))
    return say("sentences.trigger.line", language, what=capital(what), effect=effect)


def short_trigger_name(trigger: Trigger, language: Language) -> str:
    """The trigger's title, or a short phrase for what it looks at, to stand in tables."""
    return trigger.title or capital(_looked_at(trigger, language))


def _when(when: When, language: Language) -> Iterator[str]:
    for of, line in when.levels.items():
        what = range_words(line, language)
        yield say("sentences.test.is", language, it=level(of, language), what=what)
    if when.grade is not None:
        yield say("sentences.stage.grade", language, grades=either(when.grade, language))
    if when.event is not None:
        aside = in_brackets(where_clauses(when.where, language))
        yield say("sentences.stage.event", language, events=nouns(when.event, language) + aside)
    for name, test in when.fields.items():
        yield field_clause(name, test, language)
    if when.qualified is not None:
        key = "qualified" if when.qualified else "unqualified"
        yield say(f"sentences.stage.{key}", language)


def _looked_at(trigger: Trigger, language: Language) -> str:
    if trigger.field is not None and trigger.test is not None:
        return field_clause(trigger.field, trigger.test, language)
    clauses = where_clauses(trigger.where, language)
    if trigger.window is not None:
        lasting = span(trigger.window, language)
        clauses.append(say("sentences.worth.counted_within", language, span=lasting))
    return acts(trigger.event or (), language) + in_brackets(clauses)


def _effects(trigger: Trigger, language: Language, agreement: Agreement | None) -> Iterator[str]:
    match trigger:
        case FastTrack():
            name = stage(trigger.to, language, agreement=agreement)
            yield say("sentences.trigger.fast", language, stage=name)
            if trigger.clock is not None:
                on = clock(trigger.clock, language)
                yield say("sentences.trigger.clock", language, clock=on)
        case Disqualifier():
            yield say("sentences.trigger.out", language)
        case Override():
            yield from _sets_aside(trigger, language)


def _sets_aside(override: Override, language: Language) -> Iterator[str]:
    effects = (
        ("force", override.forced),
        ("floor", override.floors),
        ("set", override.set_ or {}),
    )
    for key, levels in effects:
        for of, to in levels.items():
            what, line = level(of, language), number(to, language)
            yield say(f"sentences.trigger.{key}", language, what=what, line=line)
    if override.freeze and override.until:
        until = acts(override.until, language)
        yield say("sentences.trigger.freeze_until", language, until=until)
    elif override.freeze:
        yield say("sentences.trigger.freeze", language)
