"""The order of the log: whoever writes into it does so one after the other."""

from __future__ import annotations

from django.db import connection

_LOG = 0x7061_7373  # any number, as long as every writer takes the same


def log_lock() -> None:
    """Wait for the turn to add events; it ends with the transaction.

    Ids are handed out before they are committed. Under this lock an id that can be read says that
    every smaller one can be read too, or never will: the history's watermark relies on it. SQLite
    has a single writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOG])
