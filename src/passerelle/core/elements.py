"""The parts of an agreement that can be said in a sentence, by a path of keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from passerelle.core.agreement import Agreement, Content
from passerelle.core.duties import Dossier
from passerelle.core.sentences_duties import (
    after_sentence,
    bant_sentences,
    calendar_sentences,
    clock_sentence,
    dossier_sentences,
    rearm_sentence,
    reasons_sentence,
    routing_sentence,
    signature_sentence,
    takes_sentence,
)
from passerelle.core.sentences_levels import (
    content_sentence,
    dimension_sentences,
    field_sentence,
    grade_sentence,
    group_sentence,
    total_sentence,
    visits_sentence,
)
from passerelle.core.sentences_rules import rule_sentence
from passerelle.core.sentences_stages import stage_sentence, trigger_sentence
from passerelle.words import Language, say

ElementPath = tuple[str, ...]

_ORDERED = ("content", "grades", "stages", "fast_tracks", "disqualify", "overrides")
"""Parts in which it matters what stands first."""


def elements(agreement: Agreement) -> dict[ElementPath, Any]:
    """Every part that has a sentence, by its path; parts left out have none."""
    return dict(_elements(agreement))


def element_sentence(
    agreement: Agreement, path: ElementPath, element: Any, language: Language
) -> str:
    """The part at the path, as it stands in the agreement, in words."""
    return " ".join(_sentences(agreement, path, element, language))


def _elements(agreement: Agreement) -> Iterator[tuple[ElementPath, Any]]:
    for name in ("key", "title", "language", "timezone", "visits"):
        if (value := getattr(agreement, name)) is not None:
            yield (name,), value
    for part in ("fields", "dimensions", "groups", "grades", "stages"):
        for key, element in getattr(agreement, part).items():
            yield (part, key), element
    for content in agreement.content:
        yield ("content", _content_key(content)), content
    for part in ("rules", "fast_tracks", "disqualify", "overrides"):
        for element in getattr(agreement, part):
            yield (part, element.key), element
    yield ("total",), agreement.total
    yield from _duties(agreement)
    for signature in agreement.signatures:
        yield ("signatures", f"{signature.team}: {signature.name}"), signature
    for part in _ORDERED:
        keys = tuple(path[1] for path, _ in _of(agreement, part))
        if len(keys) > 1:
            yield ("order", part), keys


def _of(agreement: Agreement, part: str) -> Iterator[tuple[ElementPath, Any]]:
    standing = getattr(agreement, part)
    if isinstance(standing, dict):
        yield from (((part, key), element) for key, element in standing.items())
    elif part == "content":
        yield from (((part, _content_key(one)), one) for one in standing)
    else:
        yield from (((part, one.key), one) for one in standing)


def _content_key(content: Content) -> str:
    return ", ".join(f"{name}: {test}" for name, test in sorted(content.where.items()))


def _duties(agreement: Agreement) -> Iterator[tuple[ElementPath, Any]]:
    if agreement.qualification is not None:
        if agreement.qualification.sales_qualified.asks:
            yield ("qualification", "sql"), agreement.qualification.sales_qualified
        yield ("qualification", "bant"), agreement.qualification.bant
    if (handoff := agreement.handoff) is not None:
        if handoff.dossier != Dossier():
            yield ("handoff", "dossier"), handoff.dossier
        if handoff.routing:
            yield ("handoff", "routing"), handoff.routing
        if handoff.calendar is not None:
            yield ("handoff", "calendar"), handoff.calendar
        for key, clock in handoff.clocks.items():
            yield ("handoff", "clocks", key), clock
        if handoff.return_reasons:
            yield ("handoff", "return_reasons"), handoff.return_reasons
    if agreement.recycle is not None:
        for reason, days in agreement.recycle.after.items():
            yield ("recycle", "after", reason), days
        if agreement.recycle.rearm.new_points:
            yield ("recycle", "rearm"), agreement.recycle.rearm


def _sentences(
    agreement: Agreement, path: ElementPath, element: Any, language: Language
) -> Iterator[str]:
    match path:
        case ("key" | "title" | "language" | "timezone" as name,):
            yield say(f"differences.{name}", language, value=element)
        case ("order", part):
            yield say(f"differences.order.{part}", language, keys=", ".join(element))
        case ("rules", _):
            yield rule_sentence(element, language, agreement=agreement)
        case ("stages", key):
            yield stage_sentence(key, element, language)
        case ("fast_tracks" | "disqualify" | "overrides", _):
            yield trigger_sentence(element, language, agreement=agreement)
        case ("signatures", _):
            yield signature_sentence(element, language)
        case ("qualification" | "handoff" | "recycle", *_):
            yield from _duty_sentences(path, element, language)
        case _:
            yield from _score_sentences(agreement, path, element, language)


def _score_sentences(
    agreement: Agreement, path: ElementPath, element: Any, language: Language
) -> Iterator[str]:
    match path:
        case ("visits",):
            yield visits_sentence(element, language)
        case ("total",):
            yield total_sentence(element, agreement.dimensions, language)
        case ("fields", name):
            yield field_sentence(name, element, language)
        case ("content", _):
            yield content_sentence(element, language)
        case ("dimensions", key):
            yield from dimension_sentences(key, element, language)
        case ("groups", key):
            yield group_sentence(key, element, language)
        case ("grades", key):
            yield grade_sentence(key, element, language)


def _duty_sentences(path: ElementPath, element: Any, language: Language) -> Iterator[str]:
    match path:
        case ("qualification", "sql"):
            yield takes_sentence(element, language)
        case ("qualification", "bant"):
            yield from bant_sentences(element, language)
        case ("handoff", "dossier"):
            yield from dossier_sentences(element, language)
        case ("handoff", "routing"):
            yield routing_sentence(element, language)
        case ("handoff", "calendar"):
            yield from calendar_sentences(element, language)
        case ("handoff", "clocks", key):
            yield clock_sentence(key, element, language)
        case ("handoff", "return_reasons"):
            yield reasons_sentence(element, language)
        case ("recycle", "after", reason):
            yield after_sentence(reason, element, language)
        case ("recycle", "rearm"):
            yield rearm_sentence(element, language)
