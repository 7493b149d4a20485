"""Writing into the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from passerelle.apps.capture.log_lock import log_lock
from passerelle.apps.capture.models import Arrival, Event, EventKind, Message, Robot, Subject

IDENTIFYING = frozenset({EventKind.IDENTIFY, EventKind.ALIAS, EventKind.ACT, EventKind.GROUP})


@dataclass(frozen=True, slots=True)
class Name:
    """By what an event names somebody: a kind of `SubjectKind`, and the value."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event as it goes into the log; see `Event` for what the parts mean."""

    kind: str
    name: str
    message_id: str
    subject: Name
    occurred_at: datetime
    received_at: datetime
    source_id: int | None = None
    device: Name | None = None
    robot: str = Robot.NONE
    classifier: int = 0
    properties: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_events(events: Iterable[NewEvent]) -> int:
    """Put events into the log, each message once, and tell `people`; how many were new."""
    log_lock()
    fresh = _unseen(list(events))
    subjects = _subject_ids({n for e in fresh for n in (e.subject, e.device) if n is not None})
    Event.objects.bulk_create(
        Event(
            source_id=event.source_id,
            subject_id=subjects[event.subject],
            device_id=subjects[event.device] if event.device else None,
            kind=event.kind,
            name=event.name,
            message_id=event.message_id,
            occurred_at=event.occurred_at,
            received_at=event.received_at,
            robot=event.robot,
            classifier=event.classifier,
            properties=dict(event.properties),
            context=dict(event.context),
        )
        for event in fresh
    )
    _announce(fresh, subjects)
    return len(fresh)


def _unseen(events: Sequence[NewEvent]) -> list[NewEvent]:
    by_digest: dict[int, NewEvent] = {}
    for event in events:
        by_digest.setdefault(_digest(event), event)
    known = set(Message.objects.filter(digest__in=by_digest).values_list("digest", flat=True))
    fresh = {digest: event for digest, event in by_digest.items() if digest not in known}
    Message.objects.bulk_create(
        Message(day=event.received_at.toordinal(), digest=digest) for digest, event in fresh.items()
    )
    return list(fresh.values())


def _digest(event: NewEvent) -> int:
    text = f"{event.source_id}:{event.message_id}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)


def _subject_ids(names: set[Name]) -> dict[Name, int]:
    Subject.objects.bulk_create(
        (Subject(kind=n.kind, value=n.value) for n in sorted(names, key=lambda n: n.value)),
        ignore_conflicts=True,
    )
    found = Subject.objects.filter(value__in={n.value for n in names})
    return {Name(s.kind, s.value): s.pk for s in found}


def _announce(events: Sequence[NewEvent], subjects: Mapping[Name, int]) -> None:
    by_subject = sorted(events, key=lambda e: subjects[e.subject])
    for subject, group in groupby(by_subject, key=lambda e: subjects[e.subject]):
        told = list(group)
        Arrival.objects.create(
            subject_id=subject,
            identifying=any(e.kind in IDENTIFYING or e.device for e in told),
            first_at=min(e.occurred_at for e in told),
        )
