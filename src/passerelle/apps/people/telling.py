"""What is told of one lead: what it did, what was known of it when, and who it is taken for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from passerelle.apps.accounts.models import User
from passerelle.apps.capture.models import Event, EventKind
from passerelle.apps.capture.reading import event_id
from passerelle.apps.people.models import Claim, Lead, Note, Refusal, Tie
from passerelle.apps.people.reading import DURING_TIE, WITH_FIELDS
from passerelle.apps.people.traits import fields_of
from passerelle.core.conditions import Value
from passerelle.core.identity import ClaimKind


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field was said to hold a value.

    Attributes:
        occurred_at: from when it held.
        received_at: since when it is known here.
        event_id: the row of the log that said so.
        source: the name of the source; empty for what people and imports said.
        by: the person who said so here, if somebody did.
        import_id: the import that said so, if one did.
        stands: whether it is the field's last value.
    """

    field: str
    value: Value
    occurred_at: datetime
    received_at: datetime
    event_id: int
    source: str
    by: User | None
    import_id: int | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """Somebody said that two names are one person, or that they are two."""

    claim: Claim
    by: User | None
    undone: bool


@dataclass(frozen=True, slots=True)
class Identities:
    """By what a lead is known: spans of subjects, what was refused, what people said, old keys."""

    ties: Sequence[Tie]
    refusals: Sequence[Refusal]
    merges: Sequence[Merge]
    merged: Sequence[Lead]


def fields_history(lead: Lead, *, known_at: datetime | None = None) -> list[FieldValue]:
    """Every value that fields of the lead were said to hold, by field, the latest first.

    With `known_at` only what had been received by then, as it was known at that time.
    """
    rows = _events_of(lead).filter(kind__in=list(WITH_FIELDS)).select_related("source")
    if known_at is not None:
        rows = rows.filter(received_at__lte=known_at)
    events = sorted(rows, key=lambda e: (e.occurred_at, event_id(e.source_id, e.message_id)))
    people = User.objects.in_bulk({by for e in events if (by := _number(e, "by", "user"))})
    found: list[FieldValue] = []
    standing: set[str] = set()
    for event in reversed(events):
        said = fields_of(event.kind, event.properties)
        for field, value in said.items():
            found.append(_field_value(event, field, value, people, stands=field not in standing))
            standing.add(field)
    return sorted(found, key=lambda f: f.field)


def timeline(
    lead: Lead, *, before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[Event]:
    """What the lead did, robots' doings among it, the latest first.

    `before` is the time and id of the last event seen already.
    """
    rows = _events_of(lead).select_related("source", "subject")
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    return list(rows.order_by("-occurred_at", "-pk")[:limit])


def identities_of(lead: Lead) -> Identities:
    """By what names the lead is known when, and who it was not taken for, with the reasons."""
    ties = Tie.objects.filter(lead=lead).select_related("subject").order_by("subject", "since")
    names = {tie.subject_id for tie in ties}
    refusals = Refusal.objects.filter(Q(first__in=names) | Q(second__in=names))
    claims = list(
        Claim.objects.filter(
            Q(first__in=names) | Q(second__in=names),
            kind__in=[ClaimKind.MERGE, ClaimKind.APART, ClaimKind.UNDO],
        )
        .select_related("first", "second", "event")
        .order_by("at", "pk")
    )
    return Identities(
        list(ties),
        list(refusals.select_related("first", "second").order_by("at", "pk")),
        _merges(claims),
        list(Lead.objects.filter(merged_into=lead).order_by("created_at")),
    )


def notes_of(lead: Lead) -> list[Note]:
    """What was written about the lead, and about those merged into it, the latest first."""
    notes = Note.objects.filter(Q(lead=lead) | Q(lead__merged_into=lead))
    return list(notes.select_related("author").order_by("-at", "-pk"))


def _events_of(lead: Lead) -> QuerySet[Event]:
    return Event.objects.filter(DURING_TIE, subject__ties__lead=lead)


def _field_value(
    event: Event, field: str, value: Value, people: dict[int, User], *, stands: bool
) -> FieldValue:
    return FieldValue(
        field,
        value,
        event.occurred_at,
        event.received_at,
        event.pk,
        event.source.name if event.source else "",
        people.get(_number(event, "by", "user") or 0),
        _number(event, "import"),
        stands,
    )


def _merges(claims: Sequence[Claim]) -> list[Merge]:
    undone = {claim.undoes for claim in claims if claim.kind == ClaimKind.UNDO}
    said = [claim for claim in claims if claim.kind != ClaimKind.UNDO]
    people = User.objects.in_bulk({by for c in said if (by := _doer(c.event))})
    return [Merge(c, people.get(_doer(c.event) or 0), c.message in undone) for c in said]


def _doer(event: Event) -> int | None:
    by = event.properties.get("by") if event.kind == EventKind.ACT else event.context.get("by")
    return by if isinstance(by, int) else None


def _number(event: Event, *names: str) -> int | None:
    found = (event.context.get(name) for name in names)
    return next((n for n in found if isinstance(n, int) and n), None)
