"""Everything that is held of somebody, as they may ask to have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import ForeignKey, Model, Q

from passerelle.apps.accounts.models import AuditEntry, User
from passerelle.apps.capture.models import Event, Source, Subject
from passerelle.apps.people.models import Lead, LeadWord, Refusal, Tie, Touched
from passerelle.apps.people.privacy_consents import consents_of
from passerelle.apps.people.privacy_suppression import family_of, is_suppressed, subjects_of
from passerelle.apps.people.reading import DURING_TIE
from passerelle.apps.people.telling import fields_history
from passerelle.words import LANGUAGES, Language, say

FORMAT = 1
_OF_OUR_OWN = {"id", "lead", "event", "first", "second", "erasure", "anchor", "merged_into"}
"""Columns that tie rows together and say nothing of anybody."""


def everything_about(lead: Lead, *, now: datetime) -> dict[str, Any]:
    """What every table holds of a lead, by section, with what each name means in both languages.

    Tables of apps above are found by their reference to the lead, so that none is forgotten.
    """
    family = family_of(lead)
    sections = {name: list(rows) for name, rows in _sections(lead, family)}
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "key": lead.key,
        "labels": {language: _labels(language, sections) for language in LANGUAGES},
        "suppressed": is_suppressed(lead),
        "sections": sections,
    }


def _sections(lead: Lead, family: list[Lead]) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    subjects = subjects_of(lead)
    keys = [f"lead:{one.key}" for one in family]
    yield "lead", map(_row, family)
    yield "company", [_row(lead.company)] if lead.company else []
    yield "field_history", _history(lead)
    yield "identity", map(_row, Tie.objects.filter(lead__in=family).select_related("subject"))
    yield "refusal", _refusals(subjects)
    yield "event", map(_row, _events(family))
    yield "consent", map(_row, consents_of(lead))
    yield "tag", ({"name": tag.name} for one in family for tag in one.tags.all())
    yield from _of_other_tables(family)
    yield "audit", map(_row, AuditEntry.objects.filter(subject__in=keys).select_related("user"))


def _of_other_tables(family: list[Lead]) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    for relation in Lead._meta.related_objects:  # noqa: SLF001  # Django's public way to ask
        model: Any = relation.related_model
        known = model in {Lead, LeadWord, Tie, Touched} or relation.many_to_many
        if not known:
            rows = model.objects.filter(**{f"{relation.field.name}__in": family}).order_by("pk")
            yield model._meta.model_name, map(_row, rows)  # noqa: SLF001  # as above


def _events(family: list[Lead]) -> Iterator[Event]:
    found = Event.objects.filter(DURING_TIE, subject__ties__lead__in=family)
    rows = found.select_related("source", "subject", "device").order_by("occurred_at", "pk")
    return rows.iterator(chunk_size=2000)


def _history(lead: Lead) -> Iterator[dict[str, Any]]:
    for value in fields_history(lead):
        yield {
            "field": value.field,
            "value": value.value,
            "occurred_at": value.occurred_at.isoformat(),
            "received_at": value.received_at.isoformat(),
        }


def _refusals(subjects: list[Subject]) -> Iterator[dict[str, Any]]:
    """That they were not taken for somebody else; not for whom."""
    found = Refusal.objects.filter(Q(first__in=subjects) | Q(second__in=subjects))
    for refusal in found.order_by("pk"):
        yield {"reason": refusal.reason, "at": refusal.at.isoformat()}


def _row(row: Model) -> dict[str, Any]:
    said = {}
    for column in row._meta.concrete_fields:  # noqa: SLF001  # Django's public way to ask
        if column.name in _OF_OUR_OWN:
            continue
        value = getattr(row, column.name) if _is_told(column) else getattr(row, column.attname)
        said[column.name] = _plain(value)
    return said


def _is_told(column: Any) -> bool:
    return not isinstance(column, ForeignKey) or column.related_model in {User, Subject, Source}


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case User():  # what they do here, not who: that is about another person
            return value.role
        case Subject():
            return {"kind": value.kind, "value": value.value}
        case Source():
            return value.name
        case _:
            return value


def _labels(language: Language, sections: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    names = {name for rows in sections.values() for row in rows for name in row}
    return {name: _label(name, language) for name in sorted({*sections, *names})}


def _label(name: str, language: Language) -> str:
    """What a section or column is called; what has no name in the words is called as it is."""
    for key in (f"privacy.section.{name}", f"privacy.label.{name}"):
        with suppress(KeyError):
            return say(key, language)
    return name
