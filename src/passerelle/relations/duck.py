"""DuckDB as the engine: relations run over its tables or views `leads` and `events`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.relations.contributions import contributions
from passerelle.relations.moments import moment_at
from passerelle.relations.replay import replay
from passerelle.relations.sql import prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.tables import EVENT_COLUMNS, field_types, input_tables, property_types


def connect(*, memory: str = "3GB", threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """An engine in memory that spills to disk past `memory`."""
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute("SET temp_directory = ?", [str(Path(gettempdir(), "passerelle-spill"))])
    connection.execute("SET preserve_insertion_order = false")
    if threads is not None:
        connection.execute(f"SET threads = {threads:d}")
    return connection


def run(connection: duckdb.DuckDBPyConnection, relation: ir.Table) -> duckdb.DuckDBPyRelation:
    """The relation over the connection's `leads` and `events`, not yet fetched."""
    text = sql(relation)
    if definitions := prelude(text):
        connection.execute(definitions)
    return connection.sql(text)


def score_all(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
) -> duckdb.DuckDBPyRelation:
    """Scores and standing of every lead in the connection's `leads`, with the ledger's columns."""
    moment = moment_at(agreement, as_of=as_of, known_at=known_at)
    return run(connection, scores(agreement, input_tables(agreement), moment))


def contributions_of(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str
) -> duckdb.DuckDBPyRelation:
    """The ledger, one row a lead and rule, of a table that holds what `score_all` gave."""
    inputs = input_tables(agreement)
    moment = moment_at(agreement, as_of=datetime(2000, 1, 1, tzinfo=UTC))
    schema = scores(agreement, inputs, moment).schema()
    return run(connection, contributions(agreement, ibis.table(schema, name=scored)))


def replay_all(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    since: datetime,
    until: datetime,
    known_at: datetime | None = None,
) -> duckdb.DuckDBPyRelation:
    """Each change of score or stage of every lead between two instants."""
    inputs = input_tables(agreement)
    return run(connection, replay(agreement, inputs, since=since, until=until, known_at=known_at))


def leads_of(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, keys: Sequence[str]
) -> list[Lead]:
    """Those leads with their fields and logs, for the reference scorer, in the order of `keys`."""
    fields, properties = list(field_types(agreement)), list(property_types(agreement))
    found = {row["lead"]: row for row in _rows(connection, "leads", ["lead", *fields], keys)}
    logs: dict[str, list[Event]] = {key: [] for key in found}
    for row in _rows(connection, "events", [*EVENT_COLUMNS, *properties], keys):
        if row["lead"] in logs:
            logs[row["lead"]].append(_event(row, properties))
    return [
        Lead(key, {name: found[key][name] for name in fields}, logs[key])
        for key in keys
        if key in found
    ]


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], keys: Sequence[str]
) -> Iterator[dict[str, Any]]:
    listed = ", ".join(f'"{column}"' for column in columns)
    query = f"SELECT {listed} FROM {table} WHERE lead IN (SELECT unnest(?))"  # noqa: S608  # our own names
    cursor = connection.execute(query, [list(keys)])
    for row in cursor.fetchall():
        yield dict(zip(columns, row, strict=True))


def _event(row: dict[str, Any], properties: Sequence[str]) -> Event:
    received = row["received_at"]
    return Event(
        name=row["event"],
        occurred_at=row["occurred_at"].replace(tzinfo=UTC),
        id=row["id"] or "",
        properties={name: row[name] for name in properties if row[name] is not None},
        received_at=None if received is None else received.replace(tzinfo=UTC),
    )
