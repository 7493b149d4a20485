"""Rows of the log as the scorer reads them, and which rows are whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q

from passerelle.apps.capture.models import Event as LogEvent
from passerelle.apps.capture.models import EventKind, Robot
from passerelle.apps.capture.reading import event_id, events_read
from passerelle.core.agreement import Agreement
from passerelle.core.history import Event

WITH_FIELDS = frozenset({EventKind.IDENTIFY, EventKind.GROUP})

DURING_TIE = (Q(subject__ties__since=None) | Q(occurred_at__gte=F("subject__ties__since"))) & (
    Q(subject__ties__until=None) | Q(occurred_at__lt=F("subject__ties__until"))
)
"""An event lies in the span in which a tie of its subject holds."""


class LogRow(NamedTuple):
    """A row of the log with the lead it is of."""

    lead_id: int
    source_id: int | None
    message_id: str
    kind: str
    name: str
    occurred_at: datetime
    received_at: datetime
    properties: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The event's id in scoring: its source and its message."""
        return event_id(self.source_id, self.message_id)


def rows_of(lead_ids: Iterable[int], *, kinds: Iterable[str] = ()) -> Iterator[LogRow]:
    """The rows of the log that are of these leads, in one query; robots' are nobody's."""
    found = LogEvent.objects.filter(
        DURING_TIE, subject__ties__lead__in=list(lead_ids), robot=Robot.NONE
    )
    if kinds:
        found = found.filter(kind__in=list(kinds))
    rows = found.values_list(
        "subject__ties__lead_id",
        "source_id",
        "message_id",
        "kind",
        "name",
        "occurred_at",
        "received_at",
        "properties",
    )
    return map(LogRow._make, rows.iterator(chunk_size=2000))


def core_events(agreement: Agreement, row: LogRow) -> list[Event]:
    """One row as the scorer sees it: what happened, and the fields that it changed."""
    return events_read(
        source_id=row.source_id,
        message_id=row.message_id,
        kind=row.kind,
        name=row.name,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        properties=row.properties,
        known=agreement.known_fields,
    )
