"""A year of every lead replayed exactly, beside one full score of the same leads.

Run as `make bench` or `python benchmarks/replay.py --leads 1000000`. Figures are CPU time and wall
time of this process on this machine in this run; what counts is the ratio to the score. A year of a
lead is its events and up to 365 midnights, so looking at each would cost hundreds of scores.
"""

from __future__ import annotations

import argparse
import resource
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import ibis

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.scoring import AS_OF, views
from benchmarks.timing import timed
from benchmarks.world import world
from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import connect, run
from passerelle.relations.moments import moment_at
from passerelle.relations.replay import replay_by_pairs
from passerelle.relations.replay_chunks import replay_into
from passerelle.relations.tables import Inputs, input_tables

EVENTS_A_LEAD = 20
PAIRED = 1000


def main() -> None:
    """Print every figure."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--leads", type=int, default=50_000)
    leads = asked.parse_args().leads
    agreement = read_agreement(Path(__file__).with_name("agreement.yaml").read_text("utf-8"))
    connection = connect(memory="3GB", threads=2)
    views(connection, agreement, world(events=leads * EVENTS_A_LEAD, leads=leads))

    score = timed(
        f"one full score of {leads} leads", lambda: score_into(connection, agreement, as_of=AS_OF)
    )
    for days in (365, 30):
        since = AS_OF - timedelta(days=days)
        spent = timed(f"{days} days replayed", partial(_replay, connection, agreement, since))
        print(f"  {spent / score:.1f} times one score, {spent / leads * 1e6:.0f} µs CPU a lead")
        print(f"  {_count(connection) / leads:.0f} changes a lead")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory of this process at its largest, with the changes: {memory} MiB")
    _by_pairs(connection, agreement)


def _replay(connection: duckdb.DuckDBPyConnection, agreement: Agreement, since: datetime) -> None:
    replay_into(connection, agreement, since=since, until=AS_OF)


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM changes").fetchone()
    return row[0] if row else 0


def _by_pairs(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """What looking at every instant costs, on a few leads taken into memory first."""
    raw = input_tables(agreement)
    few = Inputs(
        ibis.table(raw.leads.schema(), name="few_leads"),
        ibis.table(raw.events.schema(), name="few_events"),
    )
    connection.execute(f"CREATE TABLE few_leads AS FROM leads USING SAMPLE {PAIRED:d} ROWS")
    connection.execute("CREATE TABLE few_events AS FROM events SEMI JOIN few_leads USING (lead)")
    moment = moment_at(agreement, as_of=AS_OF)
    relation = replay_by_pairs(agreement, few, moment, since=AS_OF - timedelta(days=365))
    spent = timed(
        f"365 days of {PAIRED} leads, every instant looked at",
        lambda: run(connection, relation).to_arrow_table(),
    )
    print(f"  {spent / PAIRED * 1e6:.0f} µs CPU a lead")


if __name__ == "__main__":
    main()
