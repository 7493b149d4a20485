"""Scoring by chunks of leads: the same relation over one range of keys after the other.

All of a lead's log is in one chunk, so nothing is lost, memory stays the same whatever the size of
the log, and each chunk fits the caches. A log sorted by lead is read once in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import duckdb
import ibis

from passerelle.core.agreement import Agreement
from passerelle.relations.log import marked
from passerelle.relations.moments import Moment, moment_at
from passerelle.relations.sql import prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.tables import Inputs, input_tables

EVENTS_A_CHUNK = 1_500_000

Progress = Callable[[int, int], None]


def score_into(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    into: str = "scored",
    on_progress: Progress | None = None,
    events_a_chunk: int = EVENTS_A_CHUNK,
) -> None:
    """Create the table `into` with the scores of every lead in `leads`, chunk by chunk.

    `on_progress` is told how many chunks of how many are done.
    """
    moment = moment_at(agreement, as_of=as_of, known_at=known_at)
    marking, scoring = chunk_queries(agreement, moment)
    for definitions in filter(None, {prelude(marking), prelude(scoring)}):
        connection.execute(definitions)
    ranges = list(lead_ranges(connection, events_a_chunk))
    for number, (low, high) in enumerate(ranges):
        connection.execute("SET VARIABLE chunk_low = ?", [low])
        connection.execute("SET VARIABLE chunk_high = ?", [high])
        connection.execute(f"CREATE OR REPLACE TEMP TABLE chunk_log AS {marking}")
        verb = f"CREATE OR REPLACE TABLE {into} AS" if number == 0 else f"INSERT INTO {into}"
        connection.execute(f"{verb} {scoring}")
        if on_progress is not None:
            on_progress(number + 1, len(ranges))
    connection.execute("DROP TABLE chunk_log")


def chunk_queries(agreement: Agreement, moment: Moment) -> tuple[str, str]:
    """SQL that marks the log of a chunk, and SQL that scores the chunk from `chunk_log`."""
    raw = input_tables(agreement)
    log = marked(agreement, raw, moment)
    inputs = Inputs(raw.leads, ibis.table(log.schema(), name="chunk_log"))
    marking, scoring = sql(log), sql(scores(agreement, inputs, moment))
    return _of_chunk(marking, "events"), _of_chunk(scoring, "leads")


def _of_chunk(text: str, table: str) -> str:
    """The SQL over the range of leads of the chunk, instead of over all of a table."""
    limits = "lead >= getvariable('chunk_low') AND lead < getvariable('chunk_high')"
    chunk = f"(SELECT * FROM {table} WHERE {limits})"  # noqa: S608  # our own two names
    return text.replace(f'"{table}"', chunk)


def lead_ranges(
    connection: duckdb.DuckDBPyConnection, events_a_chunk: int
) -> Iterator[tuple[str, str]]:
    """Ranges of lead keys with about as many events each, which hold every key together."""
    row = connection.execute("SELECT count(*), max(lead) FROM events").fetchone()
    count = row[0] if row else 0
    chunks = max(1, -(-count // events_a_chunk))
    last = connection.execute("SELECT max(lead) FROM leads").fetchone()
    end = (last[0] if last and last[0] is not None else "") + "\x01"
    bounds = [""]
    if chunks > 1:
        sample = "SELECT lead FROM events USING SAMPLE 100000 ROWS"
        quantiles = [number / chunks for number in range(1, chunks)]
        query = f"SELECT quantile_disc(lead, {quantiles}) FROM ({sample})"  # noqa: S608  # numbers
        row = connection.execute(query).fetchone()
        bounds += sorted(set(row[0] if row else []) - {""})
    yield from zip(bounds, [*bounds[1:], end], strict=True)
