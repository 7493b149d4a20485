"""A process tells that it lives, and that it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from passerelle.apps.running.models import Process

FORGOTTEN_AFTER = timedelta(hours=1)
"""A process silent for so long is dead and of no interest any more."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which process it is: one lane of work in one process of one machine."""

    host: str
    pid: int
    lane: str
    version: str


def beat(who: Identity, steps: Mapping[str, Any], *, now: datetime) -> None:
    """Say that this process lives and what it did; forget those that died long ago."""
    told = {"version": who.version, "beat_at": now, "steps": dict(steps)}
    Process.objects.update_or_create(
        host=who.host,
        pid=who.pid,
        lane=who.lane,
        defaults=told,
        create_defaults={**told, "started_at": now},
    )
    Process.objects.filter(beat_at__lt=now - FORGOTTEN_AFTER).delete()


def leave(who: Identity) -> None:
    """Say that this process has ended as it should."""
    Process.objects.filter(host=who.host, pid=who.pid, lane=who.lane).delete()
