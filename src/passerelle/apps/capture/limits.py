"""What the collector and its worker bear: each limit is a setting `CAPTURE_<NAME>`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of an installation; the defaults suit two cores and a disk."""

    event_bytes: int = 32 * 1024  # one event, as JSON
    batch_bytes: int = 4 * 1024 * 1024  # one request, unpacked (Segment sends up to 500 kB)
    waiting_requests: int = 2_000  # not yet durable; more are asked to come back
    waiting_bytes: int = 64 * 1024 * 1024
    events_per_second: int = 20_000  # of one source
    burst_seconds: int = 5  # of its rate a source may spend at once
    retry_after: int = 2  # seconds, told to whom is asked to come back
    refresh_seconds: float = 2.0  # between two looks at keys; drops are written as often
    unpack_events: int = 1_000  # in one transaction of the worker
    future_seconds: int = 24 * 3600  # an event's time may be ahead of ours
    oldest_year: int = 2000
    skew_seconds: int = 60  # a client's clock may be off before its events' times are put right
    drop_samples: int = 5  # kept of each source, reason and day
    ip_addresses: str = "shortened"  # or whole, or none
    trusted_proxies: tuple[str, ...] = field(default=())  # whose X-Forwarded-For counts
    public_url: str = ""  # under which browsers reach the collector; empty: as they asked
    inbox: str = ""  # the file of the SQLite inbox; empty: inbox.db beside the database


def limits() -> Limits:
    """The limits as they are set now."""
    given = {f.name: getattr(settings, f"CAPTURE_{f.name.upper()}", None) for f in fields(Limits)}
    return Limits(**{name: value for name, value in given.items() if value is not None})
