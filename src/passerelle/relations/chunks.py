"""Scoring by chunks of leads: the same relation over one range of keys after the other.

All of a lead's log is in one chunk, so nothing is lost, memory stays the same whatever the size of
the log, and each chunk fits the caches. A log sorted by lead is read once in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain

import duckdb
import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.relations.marking import marked, special
from passerelle.relations.moments import Moment, moment_at
from passerelle.relations.sql import prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.tables import Inputs, input_tables

EVENTS_A_CHUNK = 4_000_000

Progress = Callable[[int, int], None]

_WITHIN = "lead >= getvariable('chunk_low') AND lead < getvariable('chunk_high')"
_EVENTS = f"""(SELECT inside.* REPLACE (number AS lead, event::chunk_event AS event)
  FROM (SELECT * FROM events WHERE {_WITHIN}) AS inside JOIN chunk_keys ON lead = key)"""  # noqa: S608  # our own names
_OPEN = f"""
CREATE OR REPLACE TEMP TABLE chunk_keys AS
  SELECT lead AS key, row_number() OVER () AS number FROM leads WHERE {_WITHIN};
CREATE OR REPLACE TEMP TABLE chunk_leads AS
  SELECT inside.* REPLACE (number AS lead)
  FROM (SELECT * FROM leads WHERE {_WITHIN}) AS inside JOIN chunk_keys ON lead = key;
"""  # noqa: S608  # our own names


class Chunks:
    """The leads and the log of a connection, one chunk after the other.

    In a chunk leads are numbers and events are numbered names: they sort and join faster. Its
    tables are `chunk_leads`, `chunk_log` (marked once) and `chunk_special`, see `inputs`.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, agreement: Agreement, moment: Moment
    ) -> None:
        raw = input_tables(agreement)
        raw = Inputs(_by_number(raw.leads), _by_number(raw.events))
        log, rare = marked(agreement, raw, moment), special(agreement, raw, moment)
        self.inputs = Inputs(
            leads=ibis.table(raw.leads.schema(), name="chunk_leads"),
            events=ibis.table(log.schema(), name="chunk_log"),
            special=ibis.table(rare.schema(), name="chunk_special"),
        )
        self._connection = connection
        self._tables = {"chunk_log": _filled(log), "chunk_special": _filled(rare)}

    def each(self, events_a_chunk: int, on_progress: Progress | None = None) -> Iterator[int]:
        """Open each chunk in turn; drop what was made at the end."""
        run = self._connection.execute
        run("CREATE OR REPLACE TEMP TYPE chunk_event AS ENUM (SELECT DISTINCT event FROM events)")
        ranges = list(lead_ranges(self._connection, events_a_chunk))
        for number, (low, high) in enumerate(ranges):
            run("SET VARIABLE chunk_low = ?", [low])
            run("SET VARIABLE chunk_high = ?", [high])
            run(_OPEN)
            for table, query in self._tables.items():
                run(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")
            yield number
            if on_progress is not None:
                on_progress(number + 1, len(ranges))
        for table in ("chunk_keys", "chunk_leads", *self._tables):
            run(f"DROP TABLE {table}")
        run("DROP TYPE chunk_event")


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
    chunks = Chunks(connection, agreement, moment)
    opened = chunks.each(events_a_chunk, on_progress)
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        first = meanwhile.submit(next, opened)
        scoring = with_keys(sql(scores(agreement, chunks.inputs, moment)))
    if definitions := prelude(scoring):
        connection.execute(definitions)
    for number in chain([first.result()], opened):
        put(connection, scoring, into=into, anew=number == 0)


def put(connection: duckdb.DuckDBPyConnection, query: str, *, into: str, anew: bool) -> None:
    """Put the rows of a query into a table, which is made when it is `anew`."""
    verb = f"CREATE OR REPLACE TABLE {into} AS" if anew else f"INSERT INTO {into}"
    connection.execute(f"{verb} {query}")


def with_keys(query: str) -> str:
    """The query with the keys of leads again instead of their numbers in the chunk."""
    keys = "JOIN chunk_keys ON found.lead = number"
    return f"SELECT found.* REPLACE (key AS lead) FROM ({query}) AS found {keys}"  # noqa: S608  # ours


def lead_ranges(
    connection: duckdb.DuckDBPyConnection, events_a_chunk: int
) -> Iterator[tuple[str, str]]:
    """Ranges of lead keys with about as many events each, which hold every key together."""
    row = connection.execute("SELECT count(*) FROM events").fetchone()
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


def _by_number(table: ir.Table) -> ir.Table:
    schema = {**table.schema(), "lead": "int64"}
    return ibis.table(schema, name=table.get_name())


def _filled(relation: ir.Table) -> str:
    return sql(relation).replace('"events"', _EVENTS)
