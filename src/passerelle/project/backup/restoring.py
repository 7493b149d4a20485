"""A backup put back: into an empty installation, on either database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from passerelle.apps.history.store import store
from passerelle.project.backup.archive import Archive, reading_archive
from passerelle.project.backup.columns import Table, rows_of, tables
from passerelle.project.backup.inboxes import restore_inbox
from passerelle.project.backup.making import FILES, INBOX, SECRET, TABLES
from passerelle.project.failures import Refused

Progress = Callable[[str, int, int], None]
"""Told what is being copied, how much of it and of how much."""

_MADE_BY_MIGRATING = frozenset({"django_content_type", "auth_permission", "django_migrations"})
_BATCH = 20_000


def restore(path: Path, *, secret: Path, force: bool, on_progress: Progress) -> Mapping[str, Any]:
    """Have the installation hold what the backup holds, and nothing else; its manifest.

    Everything is read and compared with its checksums first. The database changes in one
    transaction. Nobody may be serving meanwhile.

    Raises:
        Refused: the backup is damaged or of a later version, or there is something here already
            and not `force`.
    """
    with reading_archive(path) as archive:
        archive.verify(lambda done, of: on_progress("checking", done, of))
        _require_known(archive)
        _migrate_to(archive.manifest["migrations"])
        if not force:
            _require_empty()
        _put_files(archive, on_progress)
        with transaction.atomic(durable=True):
            _fill(archive, on_progress)
            _number_on(archive.manifest["numbers"])
            restore_inbox(archive if INBOX in archive.members else None)
        if SECRET in archive.members:
            secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            archive.extract(SECRET, secret)
    call_command("migrate", verbosity=0)
    return archive.manifest


def _require_known(archive: Archive) -> None:
    known = set(MigrationExecutor(connection).loader.disk_migrations)
    if not {(app, name) for app, name in archive.manifest["migrations"]} <= known:
        raise Refused("history.backup.newer", version=archive.manifest["version"])


def _migrate_to(migrations: Sequence[Sequence[str]]) -> None:
    """Make the tables as they were when the backup was made."""
    there = {(app, name) for app, name in migrations}
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) == there:
        return
    if set(executor.loader.applied_migrations) - there:
        raise Refused("history.backup.tables_differ")
    graph = executor.loader.graph
    last = [
        key
        for key in there
        if not any(child.key in there for child in graph.node_map[key].children)
    ]
    executor.migrate(sorted(last))


def _require_empty() -> None:
    for table in tables():
        if table.name not in _MADE_BY_MIGRATING and _count(table.name):
            raise Refused("history.backup.not_empty", table=table.name)


def _put_files(archive: Archive, on_progress: Progress) -> None:
    place = store()
    names = [name for name in archive.members if name.startswith(FILES)]
    with TemporaryDirectory(prefix="passerelle-") as room:
        for number, name in enumerate(names):
            on_progress("files", number, len(names))
            made = archive.extract(name, Path(room, "file.parquet"))
            place.take(made, name.removeprefix(FILES))


def _fill(archive: Archive, on_progress: Progress) -> None:
    """Exchange the rows of every table; foreign keys are looked at when all are there."""
    here = {table.name: table for table in tables()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys=ON")
        for name in here:
            cursor.execute(f'DELETE FROM "{name}"')
    for number, (name, count) in enumerate(archive.manifest["tables"].items()):
        on_progress("tables", number, len(archive.manifest["tables"]))
        if name not in here:
            raise Refused("history.backup.tables_differ")
        _load(archive, here[name])
        if _count(name) != count:
            raise Refused("history.backup.damaged", member=name)


def _load(archive: Archive, table: Table) -> None:
    with archive.open(f"{TABLES}{table.name}.parquet") as member:
        file = pq.ParquetFile(member)
        names = ", ".join(f'"{name}"' for name in file.schema_arrow.names)
        for batch in file.iter_batches(_BATCH):
            rows = rows_of(batch, vendor=connection.vendor)
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    _copy(cursor, f'COPY "{table.name}" ({names}) FROM STDIN', rows)
                else:
                    marks = ", ".join("%s" for _ in file.schema_arrow.names)
                    insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
                    cursor.executemany(insert, list(rows))


def _copy(cursor: Any, statement: str, rows: Any) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _number_on(numbers: Mapping[str, int]) -> None:
    """Have new rows numbered after the last that ever was, so that no number means two things."""
    here = {table.name: table for table in tables()}
    with connection.cursor() as cursor:
        for name, last in numbers.items():
            if connection.vendor == "postgresql":
                sequence = "pg_get_serial_sequence(%s, %s)"
                numbered = here[name].numbered
                cursor.execute(
                    f"SELECT setval({sequence}, %s, %s)", [name, numbered, max(last, 1), last > 0]
                )
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [name, last])


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        (count,) = cursor.fetchone()
    return int(count)
