"""Scoring in the service: micro-batches from the database, and everybody at once.

Run as `python benchmarks/live_scoring.py [--leads 2000] [--events 40000]`, on a database of its
own: SQLite in a temporary folder, or the empty one that `DATABASE_URL` names. What counts are the
ratios: a batch beside the interpreter alone on the same logs, and the pass over everybody beside
the bare relation over the same leads and events, already in the engine's own tables.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

ROOM = tempfile.TemporaryDirectory(prefix="passerelle-bench-")
os.environ.setdefault("PASSERELLE_DATA", ROOM.name)
os.environ.setdefault("PASSERELLE_SECRET_KEY", "for benchmarks alone")
os.environ["DJANGO_SETTINGS_MODULE"] = "passerelle.project.settings"

import django  # noqa: E402  # after its settings are named

django.setup()

import duckdb  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from passerelle.apps.capture.models import Event, Subject, SubjectKind  # noqa: E402
from passerelle.apps.history.queries import bulk_inputs  # noqa: E402
from passerelle.apps.people.models import Lead, Tie, Touched  # noqa: E402
from passerelle.apps.people.queries import logs_of  # noqa: E402
from passerelle.apps.scoring import actions, worker  # noqa: E402
from passerelle.apps.scoring.models import Score  # noqa: E402
from passerelle.apps.scoring.queries import agreement_of  # noqa: E402
from passerelle.core.agreement import Agreement  # noqa: E402
from passerelle.core.scorer import score_leads  # noqa: E402
from passerelle.relations.chunks import score_into  # noqa: E402
from passerelle.relations.duck import connect  # noqa: E402

NOW = datetime(2024, 11, 13, 12, tzinfo=UTC)
NAMES = [
    *["page"] * 11,
    *["email_opened"] * 3,
    *["email_clicked", "social", "form_submitted", "download", "webinar_attended", "chat"],
]
PATHS = ["/pricing", "/blog/a", "/blog/b", "/customers/x", "/product", "/docs/1", "/about"]
ROWS = 20_000


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=40_000)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    _fill(asked.leads, asked.events)
    text = Path(__file__).with_name("agreement.yaml").read_text("utf-8")
    published = actions.publish(text, None, now=NOW - timedelta(hours=1)).published
    agreement = agreement_of(published)
    print(f"{asked.leads} leads, {asked.events} events, {len(agreement.rules)} rules")

    engine = _in_the_engine(agreement)
    bare = _told("the bare relation", lambda: score_into(engine, agreement, as_of=NOW))
    engine.close()
    first = _told("everybody, for the first time", lambda: worker.nightly(NOW))
    night = _told("a night", lambda: worker.nightly(NOW + timedelta(days=1)))
    print(f"ratios: {first / bare:.1f} for the first time, {night / bare:.1f} for a night")
    assert Score.objects.count() == asked.leads

    ids = list(Lead.objects.values_list("pk", flat=True)[:1_000])
    logs = logs_of(agreement, ids)
    alone = _told("the interpreter alone", lambda: score_leads(agreement, logs, as_of=NOW))
    later = NOW + timedelta(days=1, hours=1)
    Touched.objects.bulk_create(Touched(lead_id=pk, first_at=NOW, at=NOW) for pk in ids)
    live = _told("micro-batches from the database", lambda: _worked_off(later))
    print(
        f"{len(ids) / live:.0f} leads a second, {1e3 * live / len(ids):.2f} ms a lead, "
        f"{live / alone:.1f} times the interpreter"
    )
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def _told(what: str, work: Callable[[], object]) -> float:
    started, cpu = time.perf_counter(), time.process_time()
    work()
    spent = time.process_time() - cpu
    print(f"{what}: {spent:.2f} s CPU, {time.perf_counter() - started:.2f} s on the clock")
    return spent


def _fill(leads: int, events: int) -> None:
    draw = Random(1)
    for low in range(0, leads, ROWS):
        numbers = range(low, min(low + ROWS, leads))
        with transaction.atomic():
            Subject.objects.bulk_create(
                Subject(pk=n + 1, kind=SubjectKind.USER, value=f"u{n}") for n in numbers
            )
            Lead.objects.bulk_create(
                Lead(pk=n + 1, key=f"lead-{n}", created_at=NOW - timedelta(days=365))
                for n in numbers
            )
            Tie.objects.bulk_create(Tie(lead_id=n + 1, subject_id=n + 1) for n in numbers)
    for low in range(0, events, ROWS):
        with transaction.atomic():
            Event.objects.bulk_create(
                _event(draw, n, leads) for n in range(low, min(low + ROWS, events))
            )


def _event(draw: Random, number: int, leads: int) -> Event:
    name = draw.choice(NAMES)
    at = NOW - timedelta(seconds=draw.randrange(365 * 86_400))
    said = {"page": {"path": draw.choice(PATHS)}, "download": {"asset": f"ebook-{number % 40}"}}
    return Event(
        subject_id=1 + draw.randrange(leads),
        kind="page" if name == "page" else "track",
        name=name,
        message_id=f"m{number}",
        occurred_at=at,
        received_at=at,
        properties=said.get(name, {}),
    )


def _in_the_engine(agreement: Agreement) -> duckdb.DuckDBPyConnection:
    connection = connect(memory="2GB")
    bulk_inputs(connection, agreement)
    for name in ("leads", "events"):
        connection.execute(f"CREATE TEMP TABLE own_{name} AS FROM {name}")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM own_{name}")
    return connection


def _worked_off(now: datetime) -> None:
    while worker.work(now):
        pass


if __name__ == "__main__":
    main()
