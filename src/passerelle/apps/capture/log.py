"""Appending to the log: each message once, by subject, in the order of ids.

All who write events do it here. On PostgreSQL they do it one after the other, from the first id
given to the commit, so that a reader who has seen an id has seen every smaller one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import F

from passerelle.apps.capture import bulk
from passerelle.apps.capture.log_lock import log_lock
from passerelle.apps.capture.models import EventKind, Intake
from passerelle.apps.capture.values import Name, NewEvent

IDENTIFYING = frozenset({EventKind.IDENTIFY, EventKind.ALIAS, EventKind.ACT, EventKind.GROUP})

_DAYS_LOOKED_BACK = 7  # for a message that names no time of its own


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of events on their way into the log."""

    events: Sequence[NewEvent]
    duplicates: Sequence[NewEvent]
    subjects: Mapping[Name, int]


def append(events: Sequence[NewEvent]) -> Appended:
    """Put events into the log, each message once; call it in a transaction."""
    if not events:
        return Appended((), (), {})
    log_lock()
    fresh, duplicates = _unseen(events)
    subjects = bulk.subject_ids({n for e in fresh for n in (e.subject, e.device) if n is not None})
    bulk.insert_events(fresh, subjects)
    _announce(fresh, subjects)
    _count(fresh)
    return Appended(fresh, duplicates, subjects)


def _unseen(events: Sequence[NewEvent]) -> tuple[list[NewEvent], list[NewEvent]]:
    by_key: dict[tuple[int, int], NewEvent] = {}
    duplicates: list[NewEvent] = []
    for event in events:
        key = (_day(event), _digest(event))
        if by_key.setdefault(key, event) is not event:
            duplicates.append(event)
    untimed = {key for key, event in by_key.items() if not event.timed}
    seen = bulk.messages_before(untimed, days=_DAYS_LOOKED_BACK) if untimed else set()
    new = bulk.insert_messages([key for key in by_key if key not in seen])
    fresh: list[NewEvent] = []
    for key, event in by_key.items():
        (fresh if key in new else duplicates).append(event)
    return fresh, duplicates


def _day(event: NewEvent) -> int:
    return event.occurred_at.toordinal() if event.day is None else event.day


def _digest(event: NewEvent) -> int:
    text = f"{event.source_id}:{event.message_id}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def _announce(events: Iterable[NewEvent], subjects: Mapping[Name, int]) -> None:
    news: dict[int, tuple[bool, datetime]] = {}
    for event in events:
        subject = subjects[event.subject]
        identifying = event.kind in IDENTIFYING or event.device is not None
        known = news.get(subject)
        if known is not None:
            identifying = identifying or known[0]
        first = min(event.occurred_at, known[1]) if known else event.occurred_at
        news[subject] = (identifying, first)
    bulk.insert_arrivals([(subject, *told) for subject, told in news.items()])


def _count(events: Iterable[NewEvent]) -> None:
    totals: dict[tuple[int, date], list[int]] = {}
    latest: dict[tuple[int, date], datetime] = {}
    for event in events:
        if event.source_id is not None:
            key = (event.source_id, event.received_at.astimezone(UTC).date())
            total = totals.setdefault(key, [0, 0])
            total[0] += 1
            total[1] += bool(event.robot)
            latest[key] = max(latest.get(key, event.received_at), event.received_at)
    for key, (n, robots) in totals.items():
        source_id, on = key
        found = Intake.objects.filter(source_id=source_id, on=on)
        added = found.update(
            events=F("events") + n, robots=F("robots") + robots, last_at=latest[key]
        )
        if not added:
            Intake.objects.create(
                source_id=source_id, on=on, events=n, robots=robots, last_at=latest[key]
            )
