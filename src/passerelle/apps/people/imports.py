"""What is done with imports: begun, mapped, confirmed, taken back, thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.people.import_files import LARGEST_FILE, USER_ID, columns_of
from passerelle.apps.people.impossible import CannotBeDone, Impossible
from passerelle.apps.people.models import Import, ImportChunk, ImportReject, ImportState
from passerelle.files.synonyms import plain

_OPEN = (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY, ImportState.FAILED)


def begin_import(by: User, name: str, data: bytes, *, now: datetime) -> Import:
    """Keep a file and look at its columns; nothing is imported yet.

    Raises:
        CannotBeDone: the file is too large.
        Unreadable: it cannot be right.
    """
    if len(data) > LARGEST_FILE:
        raise CannotBeDone(Impossible.LARGE_FILE, n=LARGEST_FILE // 1_000_000)
    columns = columns_of(data, name=name)
    with transaction.atomic():
        begun = Import.objects.create(
            key=uuid.uuid4().hex[:12],
            name=name[:120],
            by=by,
            created_at=now,
            state=ImportState.MAPPING,
            file=data,
            columns=[{"name": c.name, "cells": c.cells, "guess": c.guess} for c in columns],
            mapping={c.name: c.guess for c in columns},
        )
        record_deed(by, "import.begun", subject=f"import:{begun.key}", now=now)
    return begun


@transaction.atomic
def map_columns(by: User, begun: Import, mapping: Mapping[str, str], *, now: datetime) -> None:
    """Say which column is what, and have the file read; an empty field leaves a column out.

    Raises:
        CannotBeDone: the import has gone on, no column names anybody, or two are one field.
    """
    row = _locked(begun, ImportState.MAPPING, ImportState.READY, ImportState.FAILED)
    columns = [column["name"] for column in row.columns]
    chosen = {column: plain(mapping.get(column, ""))[:60] for column in columns}
    _require_mapping(chosen.values())
    _forget_reading(row)
    row.mapping, row.state, row.problem = chosen, ImportState.CHECKING, ""
    row.save(update_fields=["mapping", "state", "problem"])
    record_deed(by, "import.mapped", subject=f"import:{row.key}", now=now)


@transaction.atomic
def confirm_import(by: User, begun: Import, *, now: datetime) -> None:
    """Let the rows that were read be written.

    Raises:
        CannotBeDone: it was confirmed already, or there is no sound row.
    """
    row = _locked(begun, ImportState.READY)
    if not row.accepted:
        raise CannotBeDone(Impossible.EMPTY)
    row.state, row.confirmed_at, row.done = ImportState.RUNNING, now, 0
    row.save(update_fields=["state", "confirmed_at", "done"])
    details = {"rows": row.accepted}
    record_deed(by, "import.confirmed", subject=f"import:{row.key}", details=details, now=now)


@transaction.atomic
def undo_import(by: User, begun: Import, *, now: datetime) -> None:
    """Take back all that an import wrote, also while it is running.

    Raises:
        CannotBeDone: it has written nothing, or was undone.
    """
    row = _locked(begun, ImportState.RUNNING, ImportState.DONE)
    row.state, row.done = ImportState.UNDOING, 0
    row.save(update_fields=["state", "done"])
    record_deed(by, "import.undone", subject=f"import:{row.key}", now=now)


@transaction.atomic
def discard_import(by: User, begun: Import, *, now: datetime) -> None:
    """Throw a file away that was not imported.

    Raises:
        CannotBeDone: it was imported; it can be undone instead.
    """
    row = _locked(begun, *_OPEN)
    record_deed(by, "import.discarded", subject=f"import:{row.key}", now=now)
    row.delete()


def _locked(begun: Import, *states: ImportState) -> Import:
    row = Import.objects.select_for_update().filter(pk=begun.pk).first()
    if row is None or row.state not in states:
        raise CannotBeDone(Impossible.GONE_ON)
    return row


def _require_mapping(fields: Iterable[str]) -> None:
    given = [field for field in fields if field]
    if not {"email", USER_ID} & set(given):
        raise CannotBeDone(Impossible.NO_NAME_COLUMN)
    twice = sorted({field for field in given if given.count(field) > 1})
    if twice:
        raise CannotBeDone(Impossible.TWO_COLUMNS, field=twice[0])


def _forget_reading(row: Import) -> None:
    ImportChunk.objects.filter(of=row).delete()
    ImportReject.objects.filter(of=row).delete()
