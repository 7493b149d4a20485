"""Takes what the collector acknowledged out of the inbox and into the log, exactly once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from passerelle.apps.capture.actions import record_drops
from passerelle.apps.capture.addresses import kept_address
from passerelle.apps.capture.blocking import free_of_blocked
from passerelle.apps.capture.drops import DropCounter, Dropped, DropReason
from passerelle.apps.capture.inbox import unpacked
from passerelle.apps.capture.inbox_postgres import claimed_rows
from passerelle.apps.capture.inbox_sqlite import position_of, waiting_rows
from passerelle.apps.capture.limits import limits
from passerelle.apps.capture.log import append
from passerelle.apps.capture.mail_review import review_mail
from passerelle.apps.capture.models import InboxPosition, Source
from passerelle.apps.capture.receiving import Reader
from passerelle.apps.capture.values import NewEvent

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Found:
    """What rows of the inbox held."""

    taken: int = 0
    events: list[NewEvent] = field(default_factory=list)
    drops: DropCounter = field(default_factory=DropCounter)

    def drop(self, dropped: Dropped) -> None:
        self.drops.add(dropped.reason, source_id=dropped.source_id, sample=dropped.sample)


def work(now: datetime) -> int:
    """Unpack some of the inbox in one transaction; how many events were taken out, 0: none wait."""
    if connection.vendor == "postgresql":
        return _from_table(now)
    return _from_file(now)


def _from_file(now: datetime) -> int:
    with waiting_rows(events=limits().unpack_events) as (inbox, position, rows):
        if not rows:
            return 0
        found = _read(body for _, body in rows)
        with transaction.atomic():
            if position_of(inbox) != position:
                return found.taken  # another worker was faster; the rows are its own
            _append(found, now=now)
            InboxPosition.objects.update_or_create(inbox=inbox, defaults={"row": rows[-1][0]})
    return found.taken


def _from_table(now: datetime) -> int:
    with transaction.atomic():
        found = _read(claimed_rows(events=limits().unpack_events))
        if found.taken:
            _append(found, now=now)
    return found.taken


def _read(bodies: Iterable[bytes]) -> _Found:
    set_limits = limits()
    reader = Reader(set_limits, kept_address(set_limits.ip_addresses))
    found = _Found()
    for body in bodies:
        for envelope in unpacked(body):
            for nth in range(len(envelope.events)):
                found.taken += 1
                try:
                    read = reader.read(envelope, nth=nth)
                except Exception:  # a bug fails this event alone
                    logger.exception("an event cannot be read")
                    read = Dropped(DropReason.FAULT, "", envelope.source_id)
                if isinstance(read, Dropped):
                    found.drop(read)
                else:
                    found.events.append(read)
    return found


def _append(found: _Found, *, now: datetime) -> None:
    events = _not_blocked(_of_sources(found.events), found)
    appended = append(events)
    review_mail(appended.events, appended.subjects, now=now)
    for duplicate in appended.duplicates:
        found.drop(Dropped(DropReason.DUPLICATE, duplicate.name, duplicate.source_id))
    record_drops(found.drops.take(), now=now)


def _of_sources(events: Sequence[NewEvent]) -> list[NewEvent]:
    """Without those of a source that was deleted since; none is, but by hand."""
    wanted = {event.source_id for event in events if event.source_id is not None}
    there = set(Source.objects.filter(id__in=wanted).values_list("id", flat=True))
    return [event for event in events if event.source_id in there]


def _not_blocked(events: Sequence[NewEvent], found: _Found) -> list[NewEvent]:
    free, blocked = free_of_blocked(events)
    for event in blocked:
        found.drop(Dropped(DropReason.BLOCKED_IDENTITY, event.name, event.source_id))
    return free
