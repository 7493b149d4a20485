"""Imports carried out by the worker, a bounded step at a time; a kill between two loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from passerelle.apps.capture.models import Event, Reclassified, Robot, Subject, SubjectKind
from passerelle.apps.people.actions import Prospect, add_leads
from passerelle.apps.people.import_files import USER_ID, Read, Unreadable, read_rows
from passerelle.apps.people.impossible import CannotBeDone
from passerelle.apps.people.locking import wait_for_turn
from passerelle.apps.people.models import Import, ImportChunk, ImportReject, ImportState, Tie
from passerelle.apps.people.taking_in import take_in_again
from passerelle.words import LANGUAGES, Language

CHUNK = 200
EXAMPLES = 5
MOST_REJECTS = 10_000
Row = tuple[int, dict[str, Any]]


def step(now: datetime) -> int:
    """Do the next piece of the oldest import that waits for the worker; how many rows it was."""
    waiting = Import.objects.filter(
        state__in=[ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING]
    )
    for key, state in waiting.order_by("created_at").values_list("key", "state"):
        match state:
            case ImportState.CHECKING:
                done = _check(key)
            case ImportState.RUNNING:
                done = _write(key, now)
            case _:
                done = _take_back(key, now)
        if done:
            return done
    return 0


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
        total += sum(1 for _ in _subjects(rows[at : at + 1000], tied=True))
    return total


def _write(key: str, now: datetime) -> int:
    """Write one chunk into the log; whatever dies, each row is written once."""
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(key=key, state=ImportState.RUNNING).first()
        if row is None or row.confirmed_at is None:
            return 0
        chunk = row.chunks.filter(done_at=None).order_by("number").first()
        if chunk is None:
            row.state, row.finished_at, row.file = ImportState.DONE, now, None
            row.save(update_fields=["state", "finished_at", "file"])
            return 1
        prospects = [_prospect(row, line, fields) for line, fields in chunk.rows]
        add_leads(prospects, by=row.by_id, now=row.confirmed_at)
        ImportChunk.objects.filter(pk=chunk.pk).update(done_at=now)
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
            row.state, row.finished_at, row.file = ImportState.UNDONE, now, None
            row.save(update_fields=["state", "finished_at", "file"])
            return 1
        subjects = set(_subjects(chunk.rows))
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


def _subjects(rows: Iterable[Row], *, tied: bool = False) -> Iterable[int]:
    """The ids of the names that rows go by; with `tied` only those that are leads'."""
    values: dict[str, set[str]] = {SubjectKind.USER: set(), SubjectKind.EMAIL: set()}
    for _, fields in rows:
        if user := fields.get(USER_ID):
            values[SubjectKind.USER].add(str(user)[:255])
        else:
            values[SubjectKind.EMAIL].add(str(fields.get("email", "")))
    for kind, wanted in values.items():
        found = Subject.objects.filter(kind=kind, value__in=wanted)
        if tied:
            found = found.filter(pk__in=Tie.objects.filter(subject__in=found).values("subject"))
        yield from found.values_list("pk", flat=True)


def _message(row: Import, line: int) -> str:
    return f"import:{row.key}:{line}"


def _language(row: Import) -> Language:
    chosen = row.by.language if row.by else ""
    return next((language for language in LANGUAGES if language == chosen), "en")
