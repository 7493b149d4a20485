"""Replay by chunks of leads, into a table: memory stays the same whatever the size of the log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import duckdb
import ibis

from passerelle.core.agreement import Agreement
from passerelle.relations.chunks import Chunks, Progress, put, with_keys
from passerelle.relations.moments import Moment, moment_at
from passerelle.relations.replay import leads_apart, replay_by_pairs, replay_by_stretches
from passerelle.relations.sql import prelude, sql
from passerelle.relations.tables import Inputs

EVENTS_A_CHUNK = 400_000
"""A year of one lead with twenty events is some four hundred rows, so chunks are small."""


@dataclass(frozen=True, slots=True)
class Queries:
    """SQL over a chunk: the leads apart, and either way to replay."""

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
    chunks = Chunks(connection, agreement, moment)
    queries = _queries(agreement, chunks.inputs, moment, since=since)
    for text in {prelude(queries.by_stretches), prelude(queries.by_pairs)} - {""}:
        connection.execute(text)
    for number in chunks.each(events_a_chunk, on_progress):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE chunk_apart AS {queries.apart}")
        put(connection, queries.by_stretches, into=into, anew=number == 0)
        if connection.execute("SELECT 1 FROM chunk_apart LIMIT 1").fetchone():
            put(connection, queries.by_pairs, into=into, anew=False)
    connection.execute("DROP TABLE IF EXISTS chunk_apart")


def _queries(agreement: Agreement, inputs: Inputs, moment: Moment, *, since: datetime) -> Queries:
    apart = ibis.table({"lead": "int64"}, name="chunk_apart")
    own = replace(inputs, leads=inputs.leads.anti_join(apart, "lead"))
    by_stretches = replay_by_stretches(agreement, own, moment, since=since)
    by_pairs = replay_by_pairs(agreement, inputs.only(apart), moment, since=since)
    return Queries(
        apart=sql(leads_apart(agreement, inputs, moment, since=since)),
        by_stretches=with_keys(sql(by_stretches)),
        by_pairs=with_keys(sql(by_pairs)),
    )
