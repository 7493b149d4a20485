"""Whose turn it is to act on everybody: one at a time, and free again when whoever it was dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

_EVERYBODY = 0x7061_7374  # any number that no other lock has


@contextmanager
def turn() -> Iterator[bool]:
    """Whether the turn is ours until the end of the block; who does not get it comes again later.

    PostgreSQL holds it for the connection, the operating system for the process: it ends with
    them, so a killed worker needs no rescue.
    """
    take = _turn_of_server if connection.vendor == "postgresql" else _turn_of_file
    with take() as ours:
        yield ours


@contextmanager
def _turn_of_server() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_EVERYBODY])
        (ours,) = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_EVERYBODY])


@contextmanager
def _turn_of_file() -> Iterator[bool]:
    path = Path(f"{connection.settings_dict['NAME']}.everybody")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file gives it back
