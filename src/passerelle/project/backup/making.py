"""A backup made while the installation serves."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import passerelle
from passerelle.apps.capture.inbox_sqlite import inbox_file
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import store
from passerelle.project.backup.archive import ArchiveWriter, writing_archive
from passerelle.project.backup.columns import Table, batch_of, tables
from passerelle.project.backup.snapshots import Snapshot, snapshot
from passerelle.project.failures import Refused

TABLES, FILES, INBOX, SECRET = "tables/", "history/", "inbox.db", "secret"
_CHUNK = 1 << 20

Progress = Callable[[str, int, int], None]
"""Told what is being copied, how much of it and of how much."""


def back_up(path: Path, *, now: datetime, secret: Path, on_progress: Progress) -> Mapping[str, Any]:
    """Write all there is into the file `path`, as it stood at one instant; its manifest.

    The inbox is copied before the database: what was unpacked in between is in both, and counts
    once, because the database says how far the inbox was unpacked.

    Raises:
        Refused: the history lacks a file, or a file is not what was written.
    """
    about: dict[str, Any] = {
        "version": passerelle.__version__,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
    }
    with writing_archive(path, about) as archive:
        if connection.vendor == "sqlite" and inbox_file().exists():
            archive.add(INBOX, _inbox_copied(archive.room / INBOX))
        with snapshot() as standing:
            all_tables = tables()
            about["tables"], about["numbers"], counting = {}, {}, _files_of(standing)
            for number, table in enumerate(all_tables):
                on_progress("tables", number, len(all_tables))
                about["tables"][table.name] = _add_table(archive, standing, table)
                if table.numbered is not None:
                    about["numbers"][table.name] = standing.last_number(table)
        for number, (name, digest) in enumerate(counting.items()):
            on_progress("files", number, len(counting))
            _add_file(archive, name, digest)
        if secret.exists() and secret.read_text("ascii").strip() == settings.SECRET_KEY:
            archive.add(SECRET, Path(shutil.copyfile(secret, archive.room / SECRET)))
    return about | {"members": archive.members}


def _add_table(archive: ArchiveWriter, standing: Snapshot, table: Table) -> int:
    made, count = archive.room / "table.parquet", 0
    with pq.ParquetWriter(made, table.schema, compression="zstd") as writer:
        for rows in standing.rows(table):
            writer.write_batch(batch_of(rows, table))
            count += len(rows)
    archive.add(f"{TABLES}{table.name}.parquet", made)
    return count


def _files_of(standing: Snapshot) -> dict[str, str]:
    """The history's files that count at that instant, with their checksums."""
    name = HistoryFile._meta.db_table  # noqa: SLF001  # its own name
    table = next(table for table in tables() if table.name == name)
    places = {column: at for at, column in enumerate(table.columns)}
    return {
        row[places["path"]]: row[places["digest"]]
        for rows in standing.rows(table)
        for row in rows
        if row[places["replaced_at"]] is None
    }


def _add_file(archive: ArchiveWriter, name: str, digest: str) -> None:
    made = archive.room / "file.parquet"
    try:
        with store().read(name) as file, made.open("wb") as copy:
            shutil.copyfileobj(file, copy, _CHUNK)
    except FileNotFoundError as fault:
        raise Refused("history.backup.history_unsound", file=name) from fault
    if archive.add(FILES + name, made) != digest:
        raise Refused("history.backup.history_unsound", file=name)


def _inbox_copied(to: Path) -> Path:
    with (
        closing(sqlite3.connect(inbox_file(), timeout=20)) as inbox,
        closing(sqlite3.connect(to)) as copy,
    ):
        inbox.backup(copy)
    return to
