"""Replay by chunks of leads, into a table: memory stays the same whatever the size of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.relations.chunks import Progress, lead_ranges
from passerelle.relations.log import marked
from passerelle.relations.moments import Moment, moment_at
from passerelle.relations.replay import leads_apart, replay_by_pairs, replay_by_stretches
from passerelle.relations.sql import prelude, sql
from passerelle.relations.tables import Inputs, input_tables

EVENTS_A_CHUNK = 400_000
"""A year of one lead with twenty events is some four hundred rows, so chunks are small."""

_WITHIN = "lead >= getvariable('chunk_low') AND lead < getvariable('chunk_high')"
_KEYS = f"""
CREATE OR REPLACE TEMP TABLE chunk_keys AS
  SELECT lead AS key, row_number() OVER (ORDER BY lead) AS number FROM leads WHERE {_WITHIN};
CREATE OR REPLACE TEMP TABLE chunk_leads AS
  SELECT inside.* REPLACE (number AS lead)
  FROM (SELECT * FROM leads WHERE {_WITHIN}) AS inside JOIN chunk_keys ON lead = key;
"""  # noqa: S608  # our own names
_EVENTS = f"""(SELECT inside.* REPLACE (number AS lead)
  FROM (SELECT * FROM events WHERE {_WITHIN}) AS inside JOIN chunk_keys ON lead = key)"""  # noqa: S608  # our own names


@dataclass(frozen=True, slots=True)
class Queries:
    """SQL over a chunk: its log marked once, the leads apart, and either way to replay.

    In a chunk leads are numbers, which sort and join faster than keys.
    """

    marking: str
    apart: str
    by_stretches: str
    by_pairs: str


def replay_into(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    since: datetime,
    until: datetime,
    known_at: datetime | None = None,
    into: str = "changes",
    on_progress: Progress | None = None,
    events_a_chunk: int = EVENTS_A_CHUNK,
) -> None:
    """Create the table `into` with each change of every lead in `leads`, chunk by chunk.

    Its rows are those of `replay`. `on_progress` is told how many chunks of how many are done.
    """
    moment = moment_at(agreement, as_of=until, known_at=known_at)
    queries = chunk_queries(agreement, moment, since=since)
    for text in {prelude(queries.by_stretches), prelude(queries.by_pairs)} - {""}:
        connection.execute(text)
    ranges = list(lead_ranges(connection, events_a_chunk))
    for number, (low, high) in enumerate(ranges):
        connection.execute("SET VARIABLE chunk_low = ?", [low])
        connection.execute("SET VARIABLE chunk_high = ?", [high])
        connection.execute(_KEYS)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE chunk_log AS {queries.marking}")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE chunk_apart AS {queries.apart}")
        verb = f"CREATE OR REPLACE TABLE {into} AS" if number == 0 else f"INSERT INTO {into}"
        connection.execute(f"{verb} {_with_keys(queries.by_stretches)}")
        if connection.execute("SELECT 1 FROM chunk_apart LIMIT 1").fetchone():
            connection.execute(f"INSERT INTO {into} {_with_keys(queries.by_pairs)}")
        if on_progress is not None:
            on_progress(number + 1, len(ranges))
    for table in ("chunk_keys", "chunk_leads", "chunk_log", "chunk_apart"):
        connection.execute(f"DROP TABLE {table}")


def chunk_queries(agreement: Agreement, moment: Moment, *, since: datetime) -> Queries:
    """What is asked of each chunk."""
    raw = _numbered(input_tables(agreement))
    log = marked(agreement, raw, moment)
    apart = ibis.table({"lead": "int64"}, name="chunk_apart")
    leads = ibis.table(raw.leads.schema(), name="chunk_leads")
    inputs = Inputs(leads, ibis.table(log.schema(), name="chunk_log"))
    others = Inputs(leads.semi_join(apart, "lead"), inputs.events.semi_join(apart, "lead"))
    own = Inputs(leads.anti_join(apart, "lead"), inputs.events)
    return Queries(
        marking=sql(log).replace('"events"', _EVENTS),
        apart=sql(leads_apart(agreement, inputs, moment, since=since)),
        by_stretches=sql(replay_by_stretches(agreement, own, moment, since=since)),
        by_pairs=sql(replay_by_pairs(agreement, others, moment, since=since)),
    )


def _numbered(inputs: Inputs) -> Inputs:
    return Inputs(_by_number(inputs.leads), _by_number(inputs.events))


def _by_number(table: ir.Table) -> ir.Table:
    schema = {**table.schema(), "lead": "int64"}
    return ibis.table(schema, name=table.get_name())


def _with_keys(query: str) -> str:
    """The query with the keys of leads again instead of their numbers."""
    keys = "JOIN chunk_keys ON found.lead = number"
    return f"SELECT found.* REPLACE (key AS lead) FROM ({query}) AS found {keys}"  # noqa: S608  # ours
