"""What events, fields, levels and stages are called; a key without a name goes by itself."""

from __future__ import annotations

from collections.abc import Sequence

from passerelle.core.agreement import Agreement
from passerelle.core.spoken import either
from passerelle.words import Language, catalogue, say


def act(event: str, language: Language) -> str:
    """What somebody does: `opening an e-mail`."""
    if event == "*":
        return say("events.act.any", language)
    return _named("act", event, language)


def acts(events: Sequence[str], language: Language) -> str:
    """One thing or another that somebody does."""
    return either([act(event, language) for event in events], language)


def nouns(events: Sequence[str], language: Language) -> str:
    """Such events, in the plural: `downloads or forms filled in`."""
    if "*" in events:
        return say("events.nouns.any", language)
    return either([_named("nouns", event, language) for event in events], language)


def view(kind: str, language: Language) -> str | None:
    """What somebody does who sees a page of that kind, when the kind has a name."""
    return _known("view", kind, language)


def kind(name: str, language: Language) -> str:
    """A kind of content."""
    return _known("kind", name, language) or name.replace("_", " ")


def phase(name: str, language: Language) -> str:
    """A buying phase."""
    return _known("phase", name, language) or name


def field(name: str, language: Language) -> str:
    """A field of the lead, with its article."""
    return _named("field", name, language)


def property_(name: str, language: Language) -> str:
    """A property of an event, with its article."""
    return _named("property", name, language)


def once(name: str, language: Language) -> str:
    """Only once for each value of the property, or for the person."""
    if name in catalogue("sentences", language)["once"]:
        return say(f"sentences.once.{name}", language)
    return say("sentences.worth.first_only_of", language, property=property_(name, language))


def level(name: str, language: Language) -> str:
    """The total, BANT or a dimension, with its article."""
    return _named("level", name, language)


def stage(name: str, language: Language, *, agreement: Agreement | None = None) -> str:
    """A stage, by its label where it has one."""
    declared = agreement.stages.get(name) if agreement else None
    if declared is not None and declared.label:
        return declared.label
    return _known("stage", name, language) or name.replace("_", " ")


def of_stage(name: str, language: Language, *, agreement: Agreement) -> str:
    """Of which stage a line is the line."""
    declared = agreement.stages.get(name)
    if (declared is None or not declared.label) and (known := _known("of_stage", name, language)):
        return known
    label = stage(name, language, agreement=agreement)
    return say("events.of_stage.unnamed", language, name=label)


def reason(name: str, language: Language) -> str:
    """Why a lead was given back."""
    return _known("reason", name, language) or name.replace("_", " ")


def clock(name: str, language: Language) -> str:
    """A clock on which leads are handed over."""
    return _known("clock", name, language) or name.replace("_", " ")


def _named(table: str, name: str, language: Language) -> str:
    return _known(table, name, language) or say(f"events.{table}.unnamed", language, name=name)


def _known(table: str, name: str, language: Language) -> str | None:
    if name in ("any", "unnamed") or name not in catalogue("events", language)[table]:
        return None
    return say(f"events.{table}.{name}", language)
