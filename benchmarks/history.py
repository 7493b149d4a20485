"""The history: copying the log, and scoring everybody from it beside scoring bare files.

Run as `make bench` or `python benchmarks/history.py --events 20000000 --leads 1000000`. The same
made-up world is put into an SQLite database of its own, copied into Parquet by the worker's own
step, and scored twice by the same relation: from the files as `benchmarks/scoring.py` has them, and
from the history and the ties. What counts is the ratio. With `--copied N` only N events go through
the database; the other files are written as the worker would have.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb
import pyarrow as pa

from benchmarks.scoring import AS_OF, views
from benchmarks.timing import timed
from benchmarks.world import world
from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement
from passerelle.relations.chunks import EVENTS_A_CHUNK, score_into
from passerelle.relations.duck import connect

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PREFIX = 1  # the first letter of a lead's key; the rest is its number


def main() -> None:
    """Print every figure."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--leads", type=int, default=50_000)
    asked.add_argument("--copied", type=int, default=100_000)
    asked.add_argument("--chunk", type=int, default=EVENTS_A_CHUNK)
    arguments = asked.parse_args()
    folder = world(events=arguments.events, leads=arguments.leads)
    agreement = read_agreement(Path(__file__).with_name("agreement.yaml").read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as home:
        _set_up(Path(home))
        _people(arguments.leads)
        last = _copy_through_the_log(folder, arguments.copied)
        _write_the_rest(folder, arguments.copied, last)
        bare = _bare(agreement, folder, arguments.chunk)
        _from_history(agreement, bare, arguments.chunk)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory of this process at its largest: {memory} MiB")


def _set_up(home: Path) -> None:
    """An installation of its own, thrown away afterwards."""
    os.environ |= {
        "PASSERELLE_DATA": str(home),
        "PASSERELLE_CONFIG": str(home / "none.toml"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "passerelle.project.settings",
    }
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def _people(leads: int) -> None:
    """A lead, a subject and the tie between them, each with the same number."""
    from passerelle.apps.capture.models import Subject  # noqa: PLC0415
    from passerelle.apps.people.models import Lead, Tie  # noqa: PLC0415

    for start in range(1, leads + 1, 20_000):
        numbers = range(start, min(start + 20_000, leads + 1))
        Subject.objects.bulk_create(Subject(pk=n, kind="user", value=f"u{n}") for n in numbers)
        Lead.objects.bulk_create(Lead(pk=n, key=f"k{n}", created_at=NOW) for n in numbers)
        Tie.objects.bulk_create(Tie(pk=n, lead_id=n, subject_id=n) for n in numbers)


def _copy_through_the_log(folder: Path, count: int) -> int:
    """Events into the log by plain SQL, then out of it by the worker's step; the last id."""
    from django.db import connection  # noqa: PLC0415

    from passerelle.apps.history.marks import watermark  # noqa: PLC0415
    from passerelle.apps.history.models import HistoryFile  # noqa: PLC0415
    from passerelle.apps.history.worker import append, catch_up  # noqa: PLC0415

    rows = (
        connect()
        .execute(
            f"SELECT {_ID} AS subject, id, event, occurred_at::VARCHAR, path, asset "
            f"FROM '{folder}/events/00.parquet' ORDER BY occurred_at LIMIT {count}"
        )
        .fetchall()
    )
    insert = """INSERT INTO capture_event (subject_id, kind, name, message_id, occurred_at,
        received_at, robot, classifier, properties, context)
        VALUES (%s, 'track', %s, %s, %s, %s, '', 0, json_object('path', %s, 'asset', %s), '{}')"""
    with connection.cursor() as cursor:
        cursor.executemany(insert, [(s, e, i, at, at, p, a) for s, i, e, at, p, a in rows])
    append(watermark(), now=NOW, limit=1_000)  # libraries are loaded at their first use
    started, cpu = time.perf_counter(), time.process_time()
    copied = catch_up(NOW)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    files = list(HistoryFile.objects.all())
    weight, rows = sum(file.bytes for file in files), sum(file.rows for file in files)
    print(f"copied {copied} events: {copied / seconds:,.0f} a second ({copied / cpu:,.0f} of CPU)")
    print(f"bytes an event: {weight / max(1, rows):.1f}")
    return rows


_ID = f"substr(lead, {PREFIX + 1})::BIGINT + 1"


def _write_the_rest(folder: Path, copied: int, last: int) -> None:
    """The other events in files as the worker writes them, without the way through a database."""
    from passerelle.apps.history.models import HistoryFile  # noqa: PLC0415
    from passerelle.apps.history.store import store  # noqa: PLC0415
    from passerelle.apps.history.writing import write_months  # noqa: PLC0415

    for number, file in enumerate(sorted((folder / "events").glob("*.parquet"))):
        skipped = f"ANTI JOIN (FROM '{file}' ORDER BY occurred_at LIMIT {copied}) USING (id)"
        found = (
            connect()
            .execute(
                f"SELECT row_number() OVER () + {last} AS id, NULL::BIGINT AS source_id, "
                f"{_ID} AS subject_id, NULL::BIGINT AS device_id, 'track' AS kind, event AS name, "
                "id AS message_id, occurred_at, received_at, '' AS robot, "
                "NULL::VARCHAR AS campaign_source, NULL::VARCHAR AS campaign_medium, '{}' AS context, "
                f'path AS "p.path", asset AS "p.asset" FROM \'{file}\' {"" if number else skipped}'
            )
            .to_arrow_table()
        )
        found = found.cast(
            pa.schema(
                [f.with_type(pa.timestamp("us")) if "_at" in f.name else f for f in found.schema]
            )
        )
        HistoryFile.objects.bulk_create(write_months(store(), found, now=NOW))
        last += found.num_rows


def _bare(agreement: Agreement, folder: Path, chunk: int) -> float:
    with connect(memory="3GB", threads=2) as connection:
        views(connection, agreement, folder)
        return timed("scored from bare files", lambda: _score(connection, agreement, chunk))


def _from_history(agreement: Agreement, bare: float, chunk: int) -> None:
    from passerelle.apps.history.queries import bulk_inputs  # noqa: PLC0415

    with connect(memory="3GB", threads=2) as connection:
        made = timed("leads, ties and tail loaded", lambda: bulk_inputs(connection, agreement))
        scored = timed("scored from the history", lambda: _score(connection, agreement, chunk))
        (count,) = connection.execute("SELECT count(*) FROM scored").fetchone() or (0,)
    print(f"{count} leads; ratio to bare files {(made + scored) / bare:.2f}")


def _score(connection: duckdb.DuckDBPyConnection, agreement: Agreement, chunk: int) -> None:
    score_into(connection, agreement, as_of=AS_OF, events_a_chunk=chunk)


if __name__ == "__main__":
    main()
