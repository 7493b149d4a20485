"""The inbox as an SQLite file of its own, so that pages and workers never hold an answer up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from django.db import connection

from passerelle.apps.capture.inbox import Row
from passerelle.apps.capture.limits import limits
from passerelle.apps.capture.models import InboxPosition

_TABLES = """
CREATE TABLE IF NOT EXISTS identity (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- a row's number is never given again
    events INTEGER NOT NULL,
    body BLOB NOT NULL
);
"""
_PAGES_BEFORE_CHECKPOINT = 16_384  # the worker checkpoints long before


def inbox_file() -> Path:
    """Where the inbox of this installation stands."""
    given = limits().inbox
    return Path(given) if given else Path(connection.settings_dict["NAME"]).with_name("inbox.db")


class SqliteInbox:
    """The collector's end: rows are appended, each call one durable commit."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def append(self, rows: Sequence[Row]) -> None:
        """Write all rows in one commit, synced to the disk."""
        if self._connection is None:
            self._connection = opened(self._file)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO inbox (events, body) VALUES (?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def opened(file: Path) -> sqlite3.Connection:
    """A connection that writes durably; makes the file and its tables where there are none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    found = sqlite3.connect(file, timeout=20, isolation_level=None, check_same_thread=False)
    try:
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=FULL")
        found.execute("PRAGMA secure_delete=ON")  # what was unpacked leaves nothing behind
        found.execute(f"PRAGMA wal_autocheckpoint={_PAGES_BEFORE_CHECKPOINT}")
        if not found.execute("SELECT 1 FROM sqlite_master WHERE name = 'inbox'").fetchone():
            found.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT")
        found.execute(
            "INSERT INTO identity SELECT ? WHERE NOT EXISTS (SELECT 1 FROM identity)",
            (uuid4().hex,),
        )
    except sqlite3.Error:
        found.close()
        raise
    return found


@contextmanager
def waiting_rows(*, events: int) -> Iterator[tuple[str, int, list[tuple[int, bytes]]]]:
    """The inbox's name, where it was unpacked to, and its next rows, of about that many events.

    On leaving without an exception, what stands before the position in the database is deleted.
    """
    file = inbox_file()
    if not file.exists():
        yield "", 0, []
        return
    with closing(opened(file)) as found:
        found.execute("PRAGMA synchronous=NORMAL")  # a deletion may be lost: the position stands
        (name,) = found.execute("SELECT name FROM identity").fetchone()
        position = position_of(name)
        rows = _next_rows(found, after=position, events=events)
        yield name, position, rows
        if rows:
            found.execute("DELETE FROM inbox WHERE id <= ?", (position_of(name),))
            found.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _next_rows(found: sqlite3.Connection, *, after: int, events: int) -> list[tuple[int, bytes]]:
    last, taken = after, 0
    for row, n in found.execute(
        "SELECT id, events FROM inbox WHERE id > ? ORDER BY id LIMIT 256", (after,)
    ).fetchall():
        last, taken = row, taken + n
        if taken >= events:
            break
    between = "SELECT id, body FROM inbox WHERE id > ? AND id <= ? ORDER BY id"
    return found.execute(between, (after, last)).fetchall()


def position_of(name: str) -> int:
    """The last row of that inbox which is in the log."""
    found = InboxPosition.objects.filter(inbox=name).values_list("row", flat=True).first()
    return found or 0


def keep_numbers_ahead(file: Path) -> None:
    """See that new rows get numbers after what was unpacked, even if the file is an older copy."""
    with closing(opened(file)) as found:
        (name,) = found.execute("SELECT name FROM identity").fetchone()
        position = position_of(name)
        (last,) = found.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'inbox'"
        ).fetchone()
        if last < position:
            found.execute("DELETE FROM sqlite_sequence WHERE name = 'inbox'")
            found.execute("INSERT INTO sqlite_sequence VALUES ('inbox', ?)", (position,))
