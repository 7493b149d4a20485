"""One instant of a database, read while others write into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

import psycopg
from django.db import connection

from passerelle.project.backup.columns import Kind, Table

FETCHED = 20_000


class Snapshot(Protocol):
    """A database as it stood at one instant."""

    def rows(self, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
        """All rows of a table, in batches."""

    def last_number(self, table: Table) -> int:
        """The last number that was given to a row of the table, there or gone."""


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The installation's database as it stands now, for as long as the block runs.

    Nobody waits for it: SQLite reads past its write-ahead log, PostgreSQL past newer versions.
    """
    if connection.vendor == "postgresql":
        with _postgres_connection() as found:
            found.read_only = True
            found.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            found.execute("SELECT 1")
            yield _Postgres(found)
    else:
        name = str(connection.settings_dict["NAME"])
        with closing(sqlite3.connect(name, timeout=20, isolation_level=None)) as file:
            file.execute("PRAGMA query_only=ON")
            file.execute("BEGIN")
            file.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it stands
            yield _Sqlite(file)


class _Sqlite:
    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file

    def rows(self, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
        cursor = self._file.execute(_select(table, {Kind.DECIMAL: "CAST({} AS TEXT)"}))
        while rows := cursor.fetchmany(FETCHED):
            yield rows

    def last_number(self, table: Table) -> int:
        query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        found = self._file.execute(query, (table.name,)).fetchone()
        return int(found[0]) if found else 0


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def rows(self, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
        casts = {
            Kind.INSTANT: "(extract(epoch FROM {}) * 1000000)::bigint",
            Kind.DAY: "{}::text",
            Kind.JSON: "{}::text",
            Kind.DECIMAL: "{}::text",
        }
        with self._connection.cursor(name="backup") as cursor:
            cursor.execute(_select(table, casts))
            while rows := cursor.fetchmany(FETCHED):
                yield rows

    def last_number(self, table: Table) -> int:
        """Sequences stand outside of transactions: perhaps a later number, never an earlier."""
        query = "SELECT pg_get_serial_sequence(%s, %s)"
        found = self._connection.execute(query, (table.name, table.numbered)).fetchone()
        if not found or found[0] is None:
            return 0
        query = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {found[0]}"
        value = self._connection.execute(query).fetchone()
        return int(value[0]) if value else 0


def _select(table: Table, casts: dict[Kind, str]) -> str:
    columns = (casts.get(kind, "{}").format(f'"{name}"') for name, kind in table.columns.items())
    return f'SELECT {", ".join(columns)} FROM "{table.name}"'


def _postgres_connection() -> psycopg.Connection[Any]:
    known = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert")
    given = connection.get_connection_params()
    return psycopg.connect(**{name: given[name] for name in known if given.get(name)})
