"""The installation that the collector's benchmark measures; importing it sets Django up."""

import os
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelle.project.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # all of it needs the setup

from passerelle.apps.capture.actions import (  # noqa: E402
    Name,
    NewEvent,
    create_source,
    record_events,
)
from passerelle.apps.capture.models import Event  # noqa: E402
from passerelle.apps.capture.worker import work  # noqa: E402


def install() -> str:
    """Make the tables and a source; its write key."""
    call_command("migrate", verbosity=0)
    return create_source("Benchmark", by=None, now=datetime.now(UTC)).keys.get().key


def fill(events: int) -> None:
    """Put events into the log, the newest now, two a minute."""
    now = datetime.now(UTC)
    for start in range(0, events, 5000):
        record_events(
            NewEvent(
                kind="track",
                name="form_submitted",
                message_id=str(uuid4()),
                subject=Name("user", f"user-{n % 100_000}"),
                occurred_at=now - timedelta(seconds=(events - n) * 30),
                received_at=now,
                properties={"form": "contact", "path": "/contact"},
            )
            for n in range(start, min(start + 5000, events))
        )


def unpack(*, seconds: float) -> str:
    """Let the worker work for so long at most; how fast it was."""
    before = Event.objects.count()
    began, taken, longest = time.perf_counter(), 0, 0.0
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        done = work(datetime.now(UTC))
        longest = max(longest, time.perf_counter() - start)
        taken += done
        if not done:
            break
    rate = taken / (time.perf_counter() - began)
    return f"{before:,} events: {rate:,.0f} events/s, longest turn {longest * 1000:.0f} ms"
