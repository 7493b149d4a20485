"""The inbox of a backup, put where this installation's collector and worker look for it.

With SQLite it is a file beside the database, with PostgreSQL a table.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from passerelle.apps.capture.inbox import Row
from passerelle.apps.capture.inbox_sqlite import (
    SqliteInbox,
    inbox_file,
    keep_numbers_ahead,
    position_of,
)
from passerelle.apps.capture.models import InboxPosition, InboxRow
from passerelle.project.backup.archive import Archive
from passerelle.project.backup.making import INBOX


def restore_inbox(archive: Archive | None) -> None:
    """Put what waits in the backup's inbox into this one; call it when the tables are filled.

    `archive` is the backup if it has the file of an inbox; what a table held is in the table.
    """
    if connection.vendor == "sqlite":
        _into_file(archive)
    elif archive is not None:
        _into_table(archive)


def _into_file(archive: Archive | None) -> None:
    for ending in ("", "-wal", "-shm"):
        inbox_file().with_name(inbox_file().name + ending).unlink(missing_ok=True)
    if archive is not None:
        archive.extract(INBOX, inbox_file())
        keep_numbers_ahead(inbox_file())
    if waiting := list(InboxRow.objects.order_by("pk")):
        inbox = SqliteInbox(inbox_file())
        inbox.append([Row(row.events, bytes(row.body)) for row in waiting])
        inbox.close()
        InboxRow.objects.all().delete()


def _into_table(archive: Archive) -> None:
    with TemporaryDirectory(prefix="passerelle-") as room:
        file = archive.extract(INBOX, Path(room, INBOX))
        with closing(sqlite3.connect(file)) as inbox:
            (name,) = inbox.execute("SELECT name FROM identity").fetchone()
            query = "SELECT events, body FROM inbox WHERE id > ? ORDER BY id"
            rows = inbox.execute(query, (position_of(name),)).fetchall()
    InboxRow.objects.bulk_create(InboxRow(events=events, body=body) for events, body in rows)
    InboxPosition.objects.filter(inbox=name).delete()
