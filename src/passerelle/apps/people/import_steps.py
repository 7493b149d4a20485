"""Imports carried out by the worker, a bounded step at a time; a kill between two loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from passerelle.apps.capture.models import Event, Reclassified, Robot, Subject, SubjectKind
from passerelle.apps.people.actions import Prospect, add_leads
from passerelle.apps.people.import_files import USER_ID, Read, Unreadable, read_rows
from passerelle.apps.people.imports import retire_imports
from passerelle.apps.people.impossible import CannotBeDone
from passerelle.apps.people.locking import wait_for_turn
from passerelle.apps.people.models import Import, ImportChunk, ImportReject, ImportState, Tie
from passerelle.apps.people.taking_in import take_in_again
from passerelle.words import LANGUAGES, Language

CHUNK = 200
_log = logging.getLogger(__name__)
EXAMPLES = 5
MOST_REJECTS = 10_000
Row = tuple[int, dict[str, Any]]


def step(now: datetime) -> int:
    """Do the next piece of the oldest import that waits for the worker; how many rows it was."""
    retire_imports(now)
    waiting = Import.objects.filter(
        state__in=[ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING]
    )
    for key, state in waiting.order_by("created_at").values_list("key", "state"):
        try:
            done = _next(key, state, now)
        except Exception:  # noqa: BLE001  # a bug stops this import, not the worker
            _log.exception("people: an import stopped")
            Import.objects.filter(key=key, state=state).update(state=ImportState.STOPPED)
            done = 1
        if done:
            return done
    return 0


def _next(key: str, state: str, now: datetime) -> int:
    match state:
        case ImportState.CHECKING:
            return _check(key)
        case ImportState.RUNNING:
            return _write(key, now)
        case _:
            return _take_back(key, now)


def _check(key: str) -> int:
    """Read the file and keep its rows in chunks; reading stands outside the transaction."""
    begun = Import.objects.select_related("by").get(key=key)
    data, mapping = bytes(begun.file or b""), dict(begun.mapping)
    try:
        read = read_rows(data, name=begun.name, mapping=mapping)
    except (Unreadable, CannotBeDone) as problem:
        Import.objects.filter(pk=begun.pk, state=ImportState.CHECKING).update(
            state=ImportState.FAILED, problem=problem.says(_language(begun))
        )
        return 1
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(pk=begun.pk).first()
        if row is None or row.state != ImportState.CHECKING or row.mapping != mapping:
            return 1  # somebody thought better of it meanwhile
        _keep(row, read)
    return max(1, read.count)


def _keep(row: Import, read: Read) -> None:
    ImportChunk.objects.filter(of=row).delete()
    ImportReject.objects.filter(of=row).delete()
    ImportChunk.objects.bulk_create(
        (
            ImportChunk(of=row, number=number, rows=read.rows[at : at + CHUNK])
            for number, at in enumerate(range(0, len(read.rows), CHUNK))
        ),
        batch_size=50,
    )
    ImportReject.objects.bulk_create(
        (
            ImportReject(of=row, line=f.line, column=f.column, value=f.value, reason=f.reason)
            for f in read.faults[:MOST_REJECTS]
        ),
        batch_size=1000,
    )
    row.state, row.done = ImportState.READY, 0
    row.rows, row.accepted = read.count, len(read.rows)
    row.rejected = sum(fault.reason.drops_row for fault in read.faults)
    row.known = _known(read.rows)
    row.examples = [{"line": line, "fields": fields} for line, fields in read.rows[:EXAMPLES]]
    row.save()


def _known(rows: Sequence[Row]) -> int:
    """How many of the rows are leads already."""
    total = 0
    for at in range(0, len(rows), 1000):
        ids = _subjects(rows[at : at + 1000]).values()
        total += Tie.objects.filter(subject__in=ids).values("subject").distinct().count()
    return total


def _write(key: str, now: datetime) -> int:
    """Write one chunk into the log; whatever dies, each row is written once."""
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(key=key, state=ImportState.RUNNING).first()
        if row is None or row.confirmed_at is None:
            return 0
        chunk = row.chunks.filter(done_at=None).order_by("number").first()
        if chunk is None:
            row.state, row.finished_at = ImportState.DONE, now
            row.file, row.examples = None, []
            row.save(update_fields=["state", "finished_at", "file", "examples"])
            return 1
        prospects = [_prospect(row, line, fields) for line, fields in chunk.rows]
        add_leads(prospects, by=row.by_id, now=row.confirmed_at)
        ImportChunk.objects.filter(pk=chunk.pk).update(done_at=now, rows=_without_names(chunk.rows))
        Import.objects.filter(pk=row.pk).update(done=F("done") + len(prospects))
    return len(prospects)


def _prospect(row: Import, line: int, fields: dict[str, Any]) -> Prospect:
    told = {name: value for name, value in fields.items() if name not in {"email", USER_ID}}
    return Prospect(
        email=str(fields.get("email", "")),
        user_id=str(fields.get(USER_ID, ""))[:255],
        fields=told,
        message_id=_message(row, line),
        import_id=row.pk,
    )


def _take_back(key: str, now: datetime) -> int:
    """Have what one chunk wrote count no more, and work out anew who these people are."""
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(key=key, state=ImportState.UNDOING).first()
        if row is None or row.confirmed_at is None:
            return 0
        written = row.chunks.exclude(done_at=None).filter(undone_at=None)
        chunk = written.order_by("-number").first()
        if chunk is None:
            row.state, row.finished_at = ImportState.UNDONE, now
            row.file, row.examples = None, []
            row.save(update_fields=["state", "finished_at", "file", "examples"])
            return 1
        subjects = {subject for _, subject in chunk.rows if subject}
        events = Event.objects.filter(
            subject__in=subjects,
            occurred_at=row.confirmed_at,
            message_id__in=[_message(row, line) for line, _ in chunk.rows],
        )
        taken = list(events.values_list("pk", flat=True))
        Event.objects.filter(pk__in=taken).update(robot=Robot.TAKEN_BACK)
        Reclassified.objects.bulk_create(Reclassified(event_id=pk, at=now) for pk in taken)
        wait_for_turn()
        take_in_again(subjects, now=now)
        ImportChunk.objects.filter(pk=chunk.pk).update(undone_at=now)
        Import.objects.filter(pk=row.pk).update(done=F("done") + len(chunk.rows))
    return max(1, len(taken))


def _without_names(rows: Iterable[Row]) -> list[tuple[int, int | None]]:
    """Of rows that are in the log by now the lines and the ids of the subjects."""
    each = list(rows)
    ids = _subjects(each)
    return [(line, ids.get(_name(fields))) for line, fields in each]


def _subjects(rows: Iterable[Row]) -> dict[tuple[str, str], int]:
    """The ids of those of the names in the rows that the log knows."""
    names = {_name(fields) for _, fields in rows}
    found = Subject.objects.filter(
        kind__in={kind for kind, _ in names}, value__in={value for _, value in names}
    )
    return {(s.kind, s.value): s.pk for s in found if (s.kind, s.value) in names}


def _name(fields: dict[str, Any]) -> tuple[str, str]:
    if user := fields.get(USER_ID):
        return (SubjectKind.USER, str(user)[:255])
    return (SubjectKind.EMAIL, str(fields.get("email", "")))


def _message(row: Import, line: int) -> str:
    return f"import:{row.key}:{line}"


def _language(row: Import) -> Language:
    chosen = row.by.language if row.by else ""
    return next((language for language in LANGUAGES if language == chosen), "en")
