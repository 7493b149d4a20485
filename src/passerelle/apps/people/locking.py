"""One at a time: who is who is worked out by one process, whatever the database."""

from __future__ import annotations

from django.db import connection

_LOCK = 0x70656F706C65  # "people"


def wait_for_turn() -> None:
    """Until the transaction ends nobody else changes who is who; waits for who does now.

    SQLite has one writer at a time anyway: transactions here begin as writers.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def take_turn() -> bool:
    """The same without waiting: whether it is our turn."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
