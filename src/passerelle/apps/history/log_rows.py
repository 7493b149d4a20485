"""Rows of the log and what belongs to it, read out of the database fast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from passerelle.apps.capture.models import Event
from passerelle.apps.history.columns import OWN

Row = tuple[Any, ...]
FETCHED = 20_000


def rows_after(after: int, *, limit: int, through: int | None = None) -> list[Row]:
    """The next rows of the log in order of id: what `OWN` names, properties, context as JSON."""
    up_to = "" if through is None else "AND id <= %s"
    bounds = [after] if through is None else [after, through]
    query = f"""SELECT {_columns()} FROM {Event._meta.db_table}
        WHERE id > %s {up_to} ORDER BY id LIMIT %s"""  # noqa: SLF001  # its own name
    with connection.cursor() as cursor:
        cursor.execute(query, [*bounds, limit])
        rows: list[Row] = cursor.fetchall()
    return rows


def rows_in_batches(
    after: int, *, through: int | None = None, size: int = FETCHED
) -> Iterator[list[Row]]:
    """All rows after an id, a batch at a time."""
    while rows := rows_after(after, limit=size, through=through):
        yield rows
        after = rows[-1][0]


def outlines_in_batches(through: int) -> Iterator[list[Row]]:
    """Of all rows up to an id: the id, the subject, who it was when nobody, the time, the kind."""
    columns = f"id, subject_id, robot, {instant('occurred_at')}, kind"
    query = f"""SELECT {columns} FROM {Event._meta.db_table}
        WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"""  # noqa: SLF001  # its own name
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [after, through, FETCHED])
            rows: list[Row] = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def ids_in_batches(through: int) -> Iterator[list[int]]:
    """All ids of the log up to one."""
    for rows in outlines_in_batches(through):
        yield [row[0] for row in rows]


def instant(column: str) -> str:
    """The SQL of a time as `columns.instants` reads it: microseconds, or SQLite's text."""
    if connection.vendor == "postgresql":
        return f"(extract(epoch FROM {column}) * 1000000)::bigint"
    return f"CAST({column} AS TEXT)"


def _columns() -> str:
    return ", ".join(
        [
            *(instant(name) if name.endswith("_at") else name for name in OWN),
            *(f"CAST({name} AS TEXT)" for name in ("properties", "context")),
        ]
    )
