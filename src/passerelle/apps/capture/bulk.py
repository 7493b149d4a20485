"""Statements that write many rows of the log at once, for SQLite and for PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection

from passerelle.apps.capture.models import Arrival, Event, Message, Subject
from passerelle.apps.capture.values import Name, NewEvent

Key = tuple[int, int]  # the day and the digest of a message

_EVENT = Event._meta.db_table  # noqa: SLF001  # Django's own way to ask for it
_MESSAGE = Message._meta.db_table  # noqa: SLF001
_SUBJECT = Subject._meta.db_table  # noqa: SLF001
_ARRIVAL = Arrival._meta.db_table  # noqa: SLF001
_COLUMNS = (
    "source_id, subject_id, device_id, kind, name, message_id, occurred_at, received_at, robot,"
    " classifier, properties, context"
)
_json = msgspec.json.Encoder().encode


def insert_messages(keys: Sequence[Key]) -> set[Key]:
    """Remember messages; which of them were new."""
    ordered = sorted(keys)  # neighbours in the index, and one order for all writers
    with connection.cursor() as cursor:
        if _on_postgres():
            cursor.execute(
                f"INSERT INTO {_MESSAGE} (day, digest)"
                " SELECT * FROM unnest(%s::int[], %s::bigint[])"
                " ON CONFLICT DO NOTHING RETURNING day, digest",
                [[day for day, _ in ordered], [digest for _, digest in ordered]],
            )
        else:
            cursor.execute(
                f"INSERT INTO {_MESSAGE} (day, digest)"
                " SELECT value ->> 0, value ->> 1 FROM json_each(%s) WHERE true"
                " ON CONFLICT DO NOTHING RETURNING day, digest",
                [json.dumps(ordered)],
            )
        return set(cursor.fetchall())


def messages_before(keys: Collection[Key], *, days: int) -> set[Key]:
    """Which of the messages were seen on one of the days before their own."""
    candidates = [(day - back, digest) for day, digest in keys for back in range(1, days + 1)]
    with connection.cursor() as cursor:
        if _on_postgres():
            cursor.execute(
                f"SELECT digest FROM {_MESSAGE} JOIN unnest(%s::int[], %s::bigint[])"
                " AS asked (day, digest) USING (day, digest)",
                [[day for day, _ in candidates], [digest for _, digest in candidates]],
            )
        else:
            cursor.execute(
                f"SELECT m.digest FROM json_each(%s) AS asked CROSS JOIN {_MESSAGE} AS m"
                " ON m.day = asked.value ->> 0 AND m.digest = asked.value ->> 1",
                [json.dumps(candidates)],
            )
        seen = {digest for (digest,) in cursor.fetchall()}
    return {key for key in keys if key[1] in seen}


def subject_ids(names: Collection[Name]) -> dict[Name, int]:
    """The ids of subjects; those that are new are made."""
    found = _known_subjects(names)
    if missing := sorted(set(names) - found.keys()):
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_SUBJECT} (kind, value) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                missing,
            )
        found |= _known_subjects(missing)
    return found


def insert_events(events: Sequence[NewEvent], subjects: Mapping[Name, int]) -> None:
    """Add rows to the log, in the order given."""
    if _on_postgres():
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {_EVENT} ({_COLUMNS}) FROM STDIN") as copy,
        ):
            for event in events:
                copy.write_row(_event_row(event, subjects))
        return
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * 12)
        cursor.executemany(
            f"INSERT INTO {_EVENT} ({_COLUMNS}) VALUES ({places})",
            [_with_plain_times(_event_row(event, subjects)) for event in events],
        )


def insert_arrivals(news: Iterable[tuple[int, bool, datetime]]) -> None:
    """Tell `people` of subjects: whether something identifies them, and since when it is news."""
    rows = sorted(news)
    if not _on_postgres():
        rows = [(subject, told, _plain(at)) for subject, told, at in rows]  # type: ignore[misc]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_ARRIVAL} (subject_id, identifying, first_at) VALUES (%s, %s, %s)", rows
        )


def _known_subjects(names: Collection[Name]) -> dict[Name, int]:
    by_kind: dict[str, list[str]] = {}
    for name in names:
        by_kind.setdefault(name.kind, []).append(name.value)
    found: dict[Name, int] = {}
    with connection.cursor() as cursor:
        for kind, values in by_kind.items():
            if _on_postgres():
                asked = "SELECT value FROM json_array_elements_text(%s::json)"
            else:
                asked = "SELECT value FROM json_each(%s)"
            cursor.execute(
                f"SELECT id, value FROM {_SUBJECT} WHERE kind = %s AND value IN ({asked})",
                [kind, json.dumps(values)],
            )
            found.update({Name(kind, value): pk for pk, value in cursor.fetchall()})
    return found


def _event_row(event: NewEvent, subjects: Mapping[Name, int]) -> tuple[Any, ...]:
    return (
        event.source_id,
        subjects[event.subject],
        subjects[event.device] if event.device else None,
        event.kind,
        event.name,
        event.message_id,
        event.occurred_at,
        event.received_at,
        event.robot,
        event.classifier,
        _json(event.properties).decode(),
        _json(event.context).decode(),
    )


def _with_plain_times(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:6], _plain(row[6]), _plain(row[7]), *row[8:])


def _plain(at: datetime) -> str:
    """An instant as Django writes it into SQLite."""
    return str(at.astimezone(UTC).replace(tzinfo=None))


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"
