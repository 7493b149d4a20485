"""The whole agreement in plain sentences, section by section, for who never reads YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from passerelle.core.agreement import Agreement
from passerelle.core.sentences_duties import (
    handoff_sentences,
    qualification_sentences,
    recycling_sentences,
    signature_sentence,
)
from passerelle.core.sentences_levels import (
    content_sentence,
    field_sentence,
    level_sentences,
    visits_sentence,
)
from passerelle.core.sentences_names import level
from passerelle.core.sentences_rules import rule_sentence
from passerelle.core.sentences_stages import stage_sentence, trigger_sentence
from passerelle.core.spoken import capital
from passerelle.words import Language, say


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the agreement: what it is about, and its sentences in order."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """The agreement as a person reads it aloud."""

    title: str
    sections: tuple[Section, ...]


def describe(agreement: Agreement, language: Language) -> Description:
    """All that the agreement says, in plain sentences; parts it does not have are left out."""
    name = agreement.title or agreement.key
    title = say("sentences.title", language, name=name, version=agreement.version)
    sections = (
        Section(heading, tuple(sentences)) for heading, sentences in _sections(agreement, language)
    )
    return Description(title, tuple(section for section in sections if section.sentences))


def _sections(agreement: Agreement, language: Language) -> Iterator[tuple[str, Iterable[str]]]:
    def heading(key: str) -> str:
        return say(f"sentences.heading.{key}", language)

    yield heading("score"), level_sentences(agreement, language)
    for dimension in agreement.dimensions:
        what = level(dimension, language)
        rules = (
            rule_sentence(rule, language, agreement=agreement)
            for rule in agreement.rules_in(dimension)
        )
        yield say("sentences.heading.rules", language, what=what), rules
    yield (
        heading("stages"),
        (stage_sentence(key, stage, language) for key, stage in agreement.stages.items()),
    )
    for key, triggers in (
        ("fast_tracks", agreement.fast_tracks),
        ("disqualify", agreement.disqualify),
        ("overrides", agreement.overrides),
    ):
        yield heading(key), (trigger_sentence(t, language, agreement=agreement) for t in triggers)
    if agreement.qualification is not None:
        yield heading("qualification"), qualification_sentences(agreement.qualification, language)
    if agreement.handoff is not None:
        yield heading("handoff"), handoff_sentences(agreement.handoff, language)
    if agreement.recycle is not None:
        yield heading("recycle"), recycling_sentences(agreement.recycle, language)
    yield heading("foundations"), _foundations(agreement, language)
    yield heading("signatures"), (signature_sentence(s, language) for s in agreement.signatures)


def _foundations(agreement: Agreement, language: Language) -> Iterator[str]:
    """What everything else stands on: the time zone, visits, fields and content."""
    yield say("sentences.zone", language, zone=agreement.timezone)
    yield visits_sentence(agreement.visits, language)
    for name, declared in agreement.fields.items():
        yield capital(field_sentence(name, declared, language))
    for content in agreement.content:
        yield content_sentence(content, language)
