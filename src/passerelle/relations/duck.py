"""DuckDB as the engine: relations run over its tables and views `leads` and `events`."""

from __future__ import annotations

from datetime import datetime

import duckdb
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.relations.moments import moment_at
from passerelle.relations.sql import prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.tables import input_tables


def connect(*, memory: str = "3GB", threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """An engine in memory that spills to disk past `memory`."""
    connection = duckdb.connect()
    connection.execute("SET memory_limit = ?", [memory])
    connection.execute("SET preserve_insertion_order = false")
    if threads is not None:
        connection.execute("SET threads = ?", [threads])
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
    """Scores and standing of every lead in the connection's `leads`."""
    moment = moment_at(agreement, as_of=as_of, known_at=known_at)
    return run(connection, scores(agreement, input_tables(agreement), moment))
