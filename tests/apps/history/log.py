"""A log to copy: events by the hundred, leads and their ties, and what the files hold of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from passerelle.apps.capture.actions import Name, NewEvent, record_events
from passerelle.apps.capture.models import Event, Source, Subject
from passerelle.apps.history.merging import scan
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import store
from passerelle.apps.people.models import Lead as LeadRow
from passerelle.apps.people.models import Tie
from passerelle.apps.people.queries import logs_of
from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.relations.duck import connect

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_source(key: str = "site") -> Source:
    """A source, made once."""
    return Source.objects.get_or_create(key=key, defaults={"name": key, "created_at": NOW})[0]


def an_event(number: int, **said: Any) -> NewEvent:
    """A page seen by one of seven devices, a minute after the one before."""
    told: dict[str, Any] = {
        "kind": "page",
        "name": "page",
        "message_id": f"m{number}",
        "subject": Name("device", f"d{number % 7}"),
        "occurred_at": NOW - timedelta(minutes=number),
        "received_at": NOW,
        "properties": {"path": f"/{number % 3}"},
    }
    return NewEvent(**(told | said))


def some_events(count: int, *, start: int = 0, **said: Any) -> int:
    """Put pages into the log; how many."""
    return record_events(an_event(number, **said) for number in range(start, start + count))


def a_lead(*subjects: str, key: str = "", kind: str = "device") -> LeadRow:
    """A lead for whom those subjects always speak."""
    key = key or f"lead-{LeadRow.objects.count()}"
    lead = LeadRow.objects.create(key=key, created_at=NOW)
    for value in subjects:
        subject, _ = Subject.objects.get_or_create(kind=kind, value=value)
        Tie.objects.create(lead=lead, subject=subject)
    return lead


def copied(columns: str = "id", *, order: str = "id") -> list[Any]:
    """What the files that count hold."""
    files = list(HistoryFile.objects.filter(replaced_at=None, rows__gt=0))
    if not files:
        return []
    with connect(threads=1) as engine:
        query = f"SELECT {columns} FROM {scan(store(), files, engine)} ORDER BY {order}"
        return engine.execute(query).fetchall()


def stored() -> set[str]:
    """The files that stand in the folder, whether they count or not."""
    folder = Path(settings.HISTORY_URL)
    return {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}


def logged() -> list[int]:
    """The ids of the log."""
    return list(Event.objects.order_by("pk").values_list("pk", flat=True))


def leads_by_row(agreement: Agreement) -> list[Lead]:
    """Every lead with its log, read row by row through the ties: what bulk reading must equal."""
    standing = LeadRow.objects.filter(merged_into=None, erased_at=None)
    return logs_of(agreement, list(standing.values_list("pk", flat=True)))


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query by the names of their columns."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
