"""The inbox as a table of PostgreSQL, for collectors and workers on several machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

from passerelle.apps.capture.inbox import Row
from passerelle.apps.capture.models import InboxRow

_CONNECT_SECONDS = 5


class PostgresInbox:
    """The collector's end: rows are appended, each call one durable commit."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = dict(parameters)
        self._connection: psycopg.Connection[Any] | None = None

    def append(self, rows: Sequence[Row]) -> None:
        """Write all rows in one commit. A connection that broke is made anew once."""
        if self._connection is None:
            self._connection = self._connect()
        try:
            _insert(self._connection, rows)
        except psycopg.OperationalError:
            # The server went away, perhaps after it committed: then message ids tell them apart.
            self.close()
            self._connection = self._connect()
            _insert(self._connection, rows)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            autocommit=True, connect_timeout=_CONNECT_SECONDS, **self._parameters
        )


def connection_parameters() -> dict[str, Any]:
    """How to reach the database, as psycopg wants it."""
    known = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params()
    return {name: given[name] for name in known if given.get(name)}


def claimed_rows(*, events: int) -> list[bytes]:
    """Take the next rows out of the table, of about that many events; call it in a transaction.

    Rows that another worker has taken are passed over; if the transaction fails they are back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, events, body FROM {_TABLE} ORDER BY id LIMIT 64 FOR UPDATE SKIP LOCKED"
        )
        bodies, ids, taken = [], [], 0
        for row, n, body in cursor.fetchall():
            bodies.append(bytes(body))
            ids.append(row)
            taken += n
            if taken >= events:
                break
        cursor.execute(f"DELETE FROM {_TABLE} WHERE id = ANY(%s)", [ids])
    return bodies


_TABLE = InboxRow._meta.db_table  # noqa: SLF001  # Django's own way to ask for it
_INSERT = f"INSERT INTO {_TABLE} (events, body) VALUES (%s, %s)"  # our own table


def _insert(to: psycopg.Connection[Any], rows: Sequence[Row]) -> None:
    if len(rows) == 1:
        to.execute(_INSERT, rows[0])  # in autocommit: one statement, one commit
        return
    with to.transaction(), to.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
