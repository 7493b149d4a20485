"""A full score of many leads with its ledger, beside what else does the same sums.

Run as `make bench` or `python benchmarks/scoring.py --events 20000000 --leads 1000000`. Figures
are CPU time and wall time of this process on this machine in this run; what counts is the ratio to
the yardstick, a query for the plain decayed sums with caps that somebody would write by hand.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.timing import timed
from benchmarks.world import world
from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement
from passerelle.core.rules import EventRule
from passerelle.core.scorer import score_lead
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import connect, leads_of
from passerelle.relations.grants import is_sequential
from passerelle.relations.tables import input_tables

AS_OF = datetime(2024, 11, 13, 12, tzinfo=UTC)
TODAY = 20_040
MAPPED = {"string": "VARCHAR", "float64": "DOUBLE", "timestamp(6)": "TIMESTAMP"}

# What somebody would write by hand: sums of points, faded and capped. First the rules whose events
# stand each for itself; then the others that are about one event, as if they had no limits.
PLAIN = [
    ("event = 'page' AND path LIKE '/pricing%'", "15 * pow(0.5, age / 30.0)", 30),
    ("event = 'page' AND path LIKE '/customers/%'", "8 * pow(0.5, age / 45.0)", 24),
    ("event = 'page' AND path LIKE '/product%'", "4 * pow(0.5, age / 20.0)", 20),
    ("event = 'page' AND path LIKE '/blog/%'", "greatest(0, 1 - 0.5 * age / 30.0)", 10),
    ("event = 'page' AND age < 90", "0.2", 5),
    ("event = 'email_clicked'", "3 * greatest(0, 1 - 0.5 * age / 30.0)", 25),
    ("event = 'email_bounced'", "-20", 0),
    ("event = 'form_submitted'", "10 * pow(0.5, age / 60.0)", 30),
    ("event = 'download'", "6 * greatest(0, 1 - 0.25 * floor(age / 30))", 24),
    ("event = 'webinar_attended' AND age < 120", "12", 24),
    ("event = 'chat'", "7 * pow(0.5, age / 14.0)", 14),
    ("event = 'demo_requested'", "25 * pow(0.5, age / 90.0)", 25),
]
ORDERED = [
    ("event = 'email_opened' AND age < 60", "1", 25),
    ("event = 'email_opened'", "0.5 * pow(0.5, age / 10.0)", 25),
    ("event = 'social'", "2", 10),
    ("event = 'social'", "3 * pow(0.5, age / 30.0)", 10),
    ("event = 'chat' AND age < 180", "4", 12),
    ("event = 'form_submitted'", "5", 5),
    ("event = 'form_submitted' AND asset LIKE 'ebook-%' AND age < 180", "4", 16),
    ("event = 'download' AND age < 120", "1", 8),
]


def main() -> None:
    """Print every figure."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--events", type=int, default=2_000_000)
    asked.add_argument("--leads", type=int, default=100_000)
    arguments = asked.parse_args()
    folder = world(events=arguments.events, leads=arguments.leads)
    agreement = read_agreement(Path(__file__).with_name("agreement.yaml").read_text("utf-8"))
    same = _same_rules(agreement)
    connection = connect(memory="3GB", threads=2)
    views(connection, agreement, folder)

    yard = timed("by hand, 12 plain sums", lambda: connection.execute(_by_hand(PLAIN)))
    same_rules = timed("the same 12 rules, with ledger", lambda: _score(connection, same))
    sums = [*PLAIN, *ORDERED]
    all_sums = timed("by hand, 20 plain sums", lambda: connection.execute(_by_hand(sums)))
    full = timed("all 30 rules, with ledger", lambda: _score(connection, agreement))
    print(f"ratio for the same 12 rules {same_rules / yard:.2f}, of 30 to 20 {full / all_sums:.2f}")
    print(f"CPU a million events: {full / arguments.events * 1e6:.2f} s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory of this process at its largest: {memory} MiB")
    _interpreter(connection, agreement)
    _others(folder, yard)
    _help()


def _same_rules(agreement: Agreement) -> Agreement:
    rules = [
        rule
        for rule in agreement.rules
        if isinstance(rule, EventRule) and not is_sequential(rule) and rule.counts is None
    ]
    return agreement.model_copy(update={"rules": tuple(rules)})


def views(connection: duckdb.DuckDBPyConnection, agreement: Agreement, folder: Path) -> None:
    """Views `leads` and `events` of the files, with the columns the agreement reads."""
    inputs = input_tables(agreement)
    sources = {"leads": folder / "leads.parquet", "events": folder / "events" / "*.parquet"}
    for name, table in (("leads", inputs.leads), ("events", inputs.events)):
        described = connection.execute(f"DESCRIBE FROM '{sources[name]}'").fetchall()
        there = {row[0] for row in described}
        columns = ", ".join(
            f'"{column}"' if column in there else f'NULL::{MAPPED[str(kind)]} AS "{column}"'
            for column, kind in table.schema().items()
        )
        connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM '{sources[name]}'")


def _by_hand(asked: Sequence[tuple[str, str, int]]) -> str:
    sums = ", ".join(
        f"least({most}, coalesce(sum(CASE WHEN {test} THEN {points} END), 0)) AS r{number}"
        for number, (test, points, most) in enumerate(asked)
    )
    aged = (
        "SELECT lead, event, path, asset,"
        f" {TODAY} - (epoch_us(occurred_at) + 3600000000) // 86400000000 AS age"
        f" FROM events WHERE occurred_at <= TIMESTAMP '{AS_OF:%Y-%m-%d %H:%M:%S}'"
    )
    return f"CREATE OR REPLACE TABLE by_hand AS SELECT lead, {sums} FROM ({aged}) GROUP BY lead"


def _score(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    score_into(connection, agreement, as_of=AS_OF)


def _interpreter(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    rows = connection.execute("SELECT lead FROM scored USING SAMPLE 300 ROWS").fetchall()
    leads = leads_of(connection, agreement, [row[0] for row in rows])
    started = time.process_time()
    for lead in leads:
        score_lead(agreement, lead, as_of=AS_OF)
    each = (time.process_time() - started) / max(1, len(leads))
    print(f"the interpreter, lead by lead: {each * 1e3:.2f} ms a lead")


def _others(folder: Path, yard: float) -> None:
    """The first two sums of the yardstick in Polars and pandas: how they compare a sum."""
    import pandas as pd  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415

    files = str(folder / "events" / "*.parquet")

    def in_polars() -> None:
        age = TODAY - ((pl.col("occurred_at").dt.epoch("us") + 3_600_000_000) // 86_400_000_000)
        log = pl.scan_parquet(files).with_columns(age=age)
        sums = []
        for number, (event, prefix, points, days) in enumerate(POLARS):
            here = (pl.col("event") == event) & (
                pl.col("path").str.starts_with(prefix) if prefix else pl.lit(True)
            )
            faded = pl.when(here).then(points * (pl.lit(0.5) ** (pl.col("age") / days)))
            sums.append(faded.sum().clip(upper_bound=30).alias(f"r{number}"))
        log.group_by("lead").agg(sums).collect()

    def in_pandas() -> None:
        log = pd.read_parquet(folder / "events", columns=["lead", "event", "occurred_at", "path"])
        age = TODAY - (log.occurred_at.astype("int64") // 1_000 + 3_600_000_000) // 86_400_000_000
        for event, prefix, points, days in POLARS:
            here = log.event == event
            if prefix:
                here &= log.path.str.startswith(prefix).fillna(False).astype(bool)
            log[f"{event}{prefix}"] = (points * 0.5 ** (age / days)).where(here, 0.0)
        log.groupby("lead")[[f"{e}{p}" for e, p, _, _ in POLARS]].sum().clip(upper=30)

    print(f"six of the yardstick's twelve sums (yardstick: {yard:.2f} s for twelve):")
    timed("  Polars", in_polars)
    timed("  pandas", in_pandas)


POLARS = [
    ("page", "/pricing", 15, 30.0),
    ("page", "/customers/", 8, 45.0),
    ("page", "/product", 4, 20.0),
    ("form_submitted", "", 10, 60.0),
    ("chat", "", 7, 14.0),
    ("demo_requested", "", 25, 90.0),
]


def _help() -> None:
    command = [sys.executable, "-m", "passerelle.project.main", "--help"]
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    print(f"passerelle --help: {min(times):.2f} s at best of five")


if __name__ == "__main__":
    main()
