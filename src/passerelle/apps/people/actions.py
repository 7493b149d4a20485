"""What people do to leads: fields, merges, notes, tags, prospects. Each is in the audit trail.

What says something about a lead goes into the log, as any other event does; so it is history, it
is scored by the same reading, and it can be taken back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.capture.actions import Name, NewEvent, record_events
from passerelle.apps.capture.models import Event, EventKind, Subject, SubjectKind
from passerelle.apps.people.impossible import CannotBeDone, Impossible
from passerelle.apps.people.models import Claim, Lead, Note, Tag, Tie
from passerelle.apps.people.prospects import (
    IDENTIFIED,
    Prospect,
    is_address,
    prospect_event,
    require_bounds,
)
from passerelle.apps.people.saying import KEPT_APART, MERGE_UNDONE, MERGED
from passerelle.apps.people.taking_in import settle_now
from passerelle.core.conditions import Value
from passerelle.core.identity import ClaimKind

__all__ = [
    "CannotBeDone",
    "Impossible",
    "Prospect",
    "add_leads",
    "add_note",
    "add_prospect",
    "keep_apart",
    "merge_leads",
    "set_fields",
    "tag",
    "take_back",
    "undo_merge",
    "untag",
]

LONGEST_NOTE = 10_000


@transaction.atomic
def merge_leads(by: User, kept: Lead, other: Lead, *, now: datetime) -> None:
    """Take two leads for one person; `kept` keeps its key.

    Raises:
        CannotBeDone: they are one lead already, or one is no lead any more.
    """
    if kept.pk == other.pk:
        raise CannotBeDone(Impossible.SAME_LEAD)
    act = _act(MERGED, _anchor(kept), now, other_subject=_anchor(other).pk, by=by.pk)
    _do([act], now)
    details = {"other": other.key, "message": act.message_id}
    record_deed(by, "lead.merged", subject=f"lead:{kept.key}", details=details, now=now)


@transaction.atomic
def undo_merge(by: User, merged: Lead, *, now: datetime) -> None:
    """Take back the merges by which a lead was merged into another: it is as if they never were.

    Raises:
        CannotBeDone: nobody merged it; what the log itself says is one person can be kept apart.
    """
    found = _merges_of(merged)
    if not found:
        raise CannotBeDone(Impossible.NOT_MERGED)
    _do([_undoing(claim, by, now) for claim in found], now)
    record_deed(by, "lead.merge_undone", subject=f"lead:{merged.key}", now=now)


@transaction.atomic
def take_back(by: User, claim: Claim, *, now: datetime) -> None:
    """Take back one merge, or that two names are kept apart.

    Raises:
        CannotBeDone: the claim is neither, or was taken back already.
    """
    if claim.kind not in {ClaimKind.MERGE, ClaimKind.APART} or _undone([claim]):
        raise CannotBeDone(Impossible.NOT_MERGED)
    _do([_undoing(claim, by, now)], now)
    record_deed(by, "lead.claim_taken_back", details={"claim": claim.message}, now=now)


@transaction.atomic
def keep_apart(by: User, one: Subject, other: Subject, *, now: datetime) -> None:
    """Say that two names are of two people, whatever the log suggests.

    Raises:
        CannotBeDone: they are the same name.
    """
    if one.pk == other.pk:
        raise CannotBeDone(Impossible.SAME_LEAD)
    _do([_act(KEPT_APART, one, now, other_subject=other.pk, by=by.pk)], now)
    tied = Tie.objects.filter(subject=one).select_related("lead").first()
    subject = f"lead:{tied.lead.key}" if tied else ""
    record_deed(by, "lead.kept_apart", subject=subject, now=now)


@transaction.atomic
def set_fields(by: User, lead: Lead, fields: Mapping[str, Value], *, now: datetime) -> None:
    """Say what fields hold from now on; an empty text says that nothing is known.

    Raises:
        CannotBeDone: no field was given, a value is too long, or the address is somebody else's.
    """
    if not fields:
        raise CannotBeDone(Impossible.EMPTY)
    require_bounds(fields)
    said = {name: None if value == "" else value for name, value in fields.items()}
    if email := said.get("email"):
        said["email"] = _free_address(str(email), lead)
    event = _identify(_anchor(lead), said, now, context={"by": by.pk})
    _do([event], now)
    details = {"fields": sorted(fields)}
    record_deed(by, "lead.fields_set", subject=f"lead:{lead.key}", details=details, now=now)


@transaction.atomic
def add_note(by: User, lead: Lead, text: str, *, now: datetime) -> Note:
    """Write something about a lead.

    Raises:
        CannotBeDone: there is no text, or too much.
    """
    text = text.strip()
    if not text:
        raise CannotBeDone(Impossible.EMPTY)
    if len(text) > LONGEST_NOTE:
        raise CannotBeDone(Impossible.TOO_LONG, n=LONGEST_NOTE)
    note = Note.objects.create(lead=lead, author=by, text=text, at=now)
    record_deed(by, "lead.noted", subject=f"lead:{lead.key}", now=now)
    return note


@transaction.atomic
def tag(by: User, leads: Iterable[Lead], name: str, *, now: datetime) -> Tag:
    """Put a word on leads; the same word in other letters' case is the same.

    Raises:
        CannotBeDone: there is no word, or it is too long.
    """
    word = _word(name)
    found = Tag.objects.filter(name__iexact=word).first() or Tag.objects.create(name=word)
    for lead in leads:
        found.leads.add(lead)
        details = {"tag": found.name}
        record_deed(by, "lead.tagged", subject=f"lead:{lead.key}", details=details, now=now)
    return found


@transaction.atomic
def untag(by: User, leads: Iterable[Lead], name: str, *, now: datetime) -> None:
    """Take a word off leads; a word on nobody is forgotten."""
    found = Tag.objects.filter(name__iexact=_word(name)).first()
    if found is None:
        return
    for lead in leads:
        found.leads.remove(lead)
        details = {"tag": found.name}
        record_deed(by, "lead.untagged", subject=f"lead:{lead.key}", details=details, now=now)
    if not found.leads.exists():
        found.delete()


@transaction.atomic
def add_prospect(by: User, prospect: Prospect, *, now: datetime) -> Lead:
    """Hold somebody before any interest; who is known already gets the fields.

    Raises:
        CannotBeDone: neither an address nor an id, or none that could be anybody's.
    """
    event = prospect_event(prospect, by=by.pk, now=now)
    _do([event], now)
    tie = Tie.objects.filter(
        subject__kind=event.subject.kind, subject__value=event.subject.value
    ).first()
    if tie is None:
        raise CannotBeDone(Impossible.JUNK)
    record_deed(by, "lead.added", subject=f"lead:{tie.lead.key}", now=now)
    return tie.lead


def add_leads(prospects: Sequence[Prospect], *, by: int | None, now: datetime) -> int:
    """Record many prospects, for the worker to take in; how many events were new."""
    return record_events(prospect_event(prospect, by=by, now=now) for prospect in prospects)


def _anchor(lead: Lead) -> Subject:
    current = lead.merged_into or lead
    if current.anchor is None or current.erased_at is not None:
        raise CannotBeDone(Impossible.NOT_A_LEAD)
    return current.anchor


def _merges_of(merged: Lead) -> list[Claim]:
    """The standing merges that name one of the names under which the lead was merged."""
    if merged.anchor is None:
        return []
    found = Claim.objects.filter(kind=ClaimKind.MERGE, second=merged.anchor)
    merges = list(found.select_related("first"))
    undone = _undone(merges)
    return [claim for claim in merges if claim.message not in undone]


def _undone(claims: Sequence[Claim]) -> set[str]:
    """Those of the claims, by their messages, that were taken back."""
    undoing = Claim.objects.filter(
        kind=ClaimKind.UNDO,
        first__in={claim.first_id for claim in claims},
        undoes__in={claim.message for claim in claims},
    )
    return set(undoing.values_list("undoes", flat=True))


def _undoing(claim: Claim, by: User, now: datetime) -> NewEvent:
    return _act(
        MERGE_UNDONE,
        claim.first,
        now,
        other_subject=claim.second_id,
        undoes=claim.message,
        by=by.pk,
    )


def _act(name: str, subject: Subject, now: datetime, **properties: object) -> NewEvent:
    return NewEvent(
        kind=EventKind.ACT,
        name=name,
        message_id=uuid.uuid4().hex,
        subject=Name(kind=subject.kind, value=subject.value),
        occurred_at=now,
        received_at=now,
        properties=properties,
    )


def _identify(
    subject: Subject, said: Mapping[str, Value], now: datetime, *, context: Mapping[str, object]
) -> NewEvent:
    return NewEvent(
        kind=EventKind.IDENTIFY,
        name=IDENTIFIED,
        message_id=uuid.uuid4().hex,
        subject=Name(kind=subject.kind, value=subject.value),
        occurred_at=now,
        received_at=now,
        properties=said,
        context=context,
    )


def _do(events: Sequence[NewEvent], now: datetime) -> None:
    """Record what was done and work out at once what it means, for who waits to see it."""
    record_events(events)
    subjects = Subject.objects.filter(
        kind__in={event.subject.kind for event in events},
        value__in={event.subject.value for event in events},
    )
    done = Event.objects.filter(
        subject__in=list(subjects),
        occurred_at=now,
        message_id__in={event.message_id for event in events},
    )
    settle_now(list(done.select_related("subject", "device")), now=now)


def _free_address(email: str, lead: Lead) -> str:
    """The address, if nobody else is known by it.

    A person who corrects an address joins it to the lead. That must never merge two leads by
    the way.
    """
    email = email.strip().lower()
    if not is_address(email):
        raise CannotBeDone(Impossible.BAD_EMAIL)
    known = Tie.objects.filter(subject__kind=SubjectKind.EMAIL, subject__value=email)
    if known.exclude(lead=lead.merged_into or lead).exists():
        raise CannotBeDone(Impossible.EMAIL_TAKEN)
    return email


def _word(name: str) -> str:
    word = " ".join(name.split())
    if not word:
        raise CannotBeDone(Impossible.EMPTY)
    if len(word) > 60:
        raise CannotBeDone(Impossible.TOO_LONG, n=60)
    return word
