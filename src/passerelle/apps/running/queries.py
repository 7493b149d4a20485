"""Who lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from passerelle.apps.running.models import Process

SILENT_AFTER = timedelta(seconds=60)
"""A worker that has said nothing for so long is taken for dead."""


def living(lane: str | None = None, *, now: datetime) -> list[Process]:
    """The processes that gave a sign of life lately, the latest first."""
    found = Process.objects.filter(beat_at__gte=now - SILENT_AFTER).order_by("-beat_at")
    return list(found if lane is None else found.filter(lane=lane))
