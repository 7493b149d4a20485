"""Leads and the subjects that speak for them, copied out of the database into DuckDB."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
from django.db import connection as database

from passerelle.apps.history.columns import instants
from passerelle.apps.history.log_rows import FETCHED, Row, instant
from passerelle.apps.people.models import Lead, Tie

TIES = "history_ties"
LEADS = "history_leads"

_STANDING = "merged_into_id IS NULL AND erased_at IS NULL"


def load_leads(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `LEADS`: the key of every lead that stands."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {LEADS} (lead VARCHAR)")
    query = f"SELECT id FROM {Lead._meta.db_table} WHERE {_STANDING} ORDER BY id"  # noqa: SLF001  # its own name
    for rows in _fetched(query):
        table = pa.table({"lead": pa.array([row[0] for row in rows], pa.int64())})
        _insert(connection, table, into=LEADS, select="lead::VARCHAR")


def load_ties(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `TIES`: which subject speaks for which lead, from `since` until before `until`."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TIES} "
        "(subject_id BIGINT, lead VARCHAR, since TIMESTAMP, until TIMESTAMP)"
    )
    query = f"""SELECT subject_id, lead_id, {instant("since")}, {instant("until")}
        FROM {Tie._meta.db_table}"""  # noqa: SLF001  # its own name
    standing = f"JOIN {LEADS} AS standing ON standing.lead = found.lead::VARCHAR"
    for rows in _fetched(query):
        subjects, leads, since, until = zip(*rows, strict=True)
        table = pa.table(
            {
                "subject_id": pa.array(subjects, pa.int64()),
                "lead": pa.array(leads, pa.int64()),
                "since": instants(since),
                "until": instants(until),
            }
        )
        bounds = "coalesce(since, '-infinity'), coalesce(until, 'infinity')"
        select = f"subject_id, standing.lead, {bounds}"
        _insert(connection, table, into=TIES, select=select, join=standing)


def _fetched(query: str) -> Iterator[list[Row]]:
    with database.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(FETCHED):
            yield rows


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: pa.Table,
    *,
    into: str,
    select: str,
    join: str = "",
) -> None:
    connection.register("history_batch", table)
    connection.execute(f"INSERT INTO {into} SELECT {select} FROM history_batch AS found {join}")
    connection.unregister("history_batch")
