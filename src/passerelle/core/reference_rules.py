"""The reference page of rules: every kind with every option, its type, default and meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from passerelle.core.fault_examples import SOUND
from passerelle.core.parts import Limit, LinearDecay, Part, StepDecay, Validity
from passerelle.core.reading import read_agreement
from passerelle.core.reference_types import default_of, type_of
from passerelle.core.rules import (
    CountingRule,
    Distinct,
    DistinctRule,
    EventRule,
    Fading,
    FieldQuestion,
    FieldRule,
    Inactivity,
    InactivityRule,
    RuleBase,
    Velocity,
    VelocityRule,
    VisitRule,
    Visits,
)
from passerelle.core.sentences_rules import rule_sentence
from passerelle.words import Language, say


@dataclass(frozen=True, slots=True)
class _Section:
    """One table of the page: the options of a model that no table before it has."""

    key: str
    model: type[Part]
    without: tuple[type[Part], ...] = ()
    example: str | None = None


SECTIONS = (
    _Section("every", RuleBase),
    _Section(
        "field", FieldRule, (RuleBase,), "field: job_title, matches: [ceo, head of *], points: 30"
    ),
    _Section(
        "event",
        EventRule,
        (CountingRule,),
        "event: page, where: {kind: pricing}, points: 15, half_life: 30d, max: 30",
    ),
    _Section(
        "visit", VisitRule, (CountingRule,), "visit: {after: 7d, within: 30d}, points: 5, max: 20"
    ),
    _Section(
        "distinct",
        DistinctRule,
        (RuleBase,),
        "distinct: {of: visit, at_least: 3}, points: 15, window: 60d",
    ),
    _Section(
        "velocity",
        VelocityRule,
        (RuleBase, Fading),
        "velocity: {events: [form_submitted, download], at_least: 4, within: 3d}, points: 20",
    ),
    _Section(
        "inactive", InactivityRule, (RuleBase,), "inactive: {for: 30d, every: 30d}, points: -10"
    ),
    _Section("counting", CountingRule, (RuleBase, Fading)),
    _Section("fading", Fading),
    _Section("limit", Limit),
    _Section("valid", Validity),
    _Section("linear_decay", LinearDecay),
    _Section("step_decay", StepDecay),
    _Section("visits", Visits),
    _Section("distincts", Distinct),
    _Section("velocities", Velocity),
    _Section("inactivity", Inactivity),
)
"""Every model a rule is made of; `FieldQuestion` is part of the rule that asks it."""

MODELS = (*(section.model for section in SECTIONS), FieldQuestion)


def rule_page(language: Language) -> str:
    """The page in one language, in Markdown."""
    return "\n".join(_lines(language)) + "\n"


def _lines(language: Language) -> Iterator[str]:
    yield f"# {say('reference.rules.title', language)}"
    yield ""
    yield say("reference.rules.intro", language)
    yield ""
    for section in SECTIONS:
        yield f"## {say(f'reference.{section.key}.title', language)}"
        yield ""
        yield say(f"reference.{section.key}.intro", language)
        yield ""
        if section.example is not None:
            yield from _example(section.example, language)
        head = [say(f"reference.rules.{h}", language) for h in ("option", "type", "default")]
        yield f"| {' | '.join([*head, say('reference.rules.meaning', language)])} |"
        yield "|---|---|---|---|"
        for name, info in _options(section).items():
            meaning = say(f"reference.{section.key}.option.{name}", language)
            kind, default = type_of(info, language), default_of(info, language)
            yield f"| `{name}` | {kind} | {default} | {meaning} |"
        yield ""


def _options(section: _Section) -> dict[str, FieldInfo]:
    known = {name for model in section.without for name in model.model_fields}
    return {
        info.alias or name: info
        for name, info in section.model.model_fields.items()
        if name not in known
    }


def _example(rule: str, language: Language) -> Iterator[str]:
    line = f"  - {{key: example, dimension: engagement, {rule}}}"
    agreement = read_agreement(SOUND.replace("rules:", f"rules:\n{line}", 1))
    yield "```yaml"
    yield line.strip()
    yield "```"
    yield ""
    yield f"> {rule_sentence(agreement.rule('example'), language, agreement=agreement)}"
    yield ""
