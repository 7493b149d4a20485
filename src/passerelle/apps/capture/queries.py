"""What others ask about sources and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from passerelle.apps.capture.drops import DropReason
from passerelle.apps.capture.models import Drop, Event, Intake, Source, WriteKey


@dataclass(frozen=True, slots=True)
class DropCount:
    """How many events of a source were dropped for one reason, newest samples first."""

    reason: DropReason
    count: int
    last_on: date
    samples: Sequence[str]


def open_keys() -> Mapping[str, tuple[int, frozenset[str]]]:
    """The keys that may write now, each with its source's id and allowed origins."""
    found = WriteKey.objects.filter(revoked_at=None, source__archived_at=None)
    return {
        key: (source_id, frozenset(origins))
        for key, source_id, origins in found.values_list("key", "source_id", "source__origins")
    }


def drops(source: Source | None, *, since: date) -> list[DropCount]:
    """What was dropped of a source from that day on, most frequent first.

    Without a source: what came with no key, or a wrong one.
    """
    found: dict[str, DropCount] = {}
    for drop in Drop.objects.filter(source=source, on__gte=since).order_by("-on"):
        known = found.get(drop.reason)
        found[drop.reason] = DropCount(
            DropReason(drop.reason),
            drop.count + (known.count if known else 0),
            known.last_on if known else drop.on,
            [*(known.samples if known else ()), *drop.samples][:5],
        )
    return sorted(found.values(), key=lambda d: (-d.count, d.reason))


def last_event_of(source: Source) -> Event | None:
    """The event of the source that came into the log last."""
    return Event.objects.filter(source=source).order_by("-id").first()


def live_events(source: Source | None = None, *, limit: int = 50, after: int = 0) -> list[Event]:
    """The newest events, newest first, with their subjects; those after an id, if one is given."""
    found = Event.objects.filter(id__gt=after).select_related("subject", "device", "source")
    if source is not None:
        found = found.filter(source=source)
    return list(found.order_by("-id")[:limit])


def intake(source: Source, *, since: date) -> list[Intake]:
    """How many events came in on each day, oldest first; days without any are not there."""
    return list(Intake.objects.filter(source=source, on__gte=since).order_by("on"))


def open_sources() -> list[Source]:
    """The sources that are in use, with their keys, by name."""
    found = Source.objects.filter(archived_at=None).prefetch_related("keys")
    return list(found.order_by("name", "id"))


def usable_keys(source: Source) -> list[WriteKey]:
    """The keys of a source that may write, newest first."""
    return list(source.keys.filter(revoked_at=None).order_by("-created_at", "-id"))
