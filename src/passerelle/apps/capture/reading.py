"""How a row of the log is read for scoring; lead by lead and for everybody it is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from passerelle.apps.capture.traits import fields_told
from passerelle.core.conditions import Value
from passerelle.core.history import FIELD_CHANGED, Event

DEEPEST = 8
"""Properties nested deeper are not read."""


def events_read(
    *,
    source_id: int | None,
    message_id: str,
    kind: str,
    name: str,
    occurred_at: datetime,
    received_at: datetime,
    properties: Mapping[str, Any],
    known: Iterable[str],
) -> list[Event]:
    """What a row says: its event, then a change of each known field that its traits tell."""
    flat = flattened(properties)
    key = event_id(source_id, message_id)
    events = [Event(name, occurred_at, key, flat, received_at)]
    for field, value in fields_told(kind, flat, known).items():
        change: dict[str, Value] = {"field": field, "value": value}
        events.append(Event(FIELD_CHANGED, occurred_at, f"{key}:{field}", change, received_at))
    return events


def event_id(source_id: int | None, message_id: str) -> str:
    """By what an event is known once and for all; what Passerelle itself wrote has no source."""
    return f"{source_id or ''}:{message_id}"


def flattened(properties: Mapping[str, Any]) -> dict[str, Value]:
    """The scalars of nested properties by their path: `{"a": {"b": 1}}` holds `a.b`.

    Lists are left out. Where two properties have one path, the less nested one stands.
    """
    flat: dict[str, Value] = {}
    for path, value in _scalars(properties, "", DEEPEST):
        flat.setdefault(path, value)
    return flat


def _scalars(properties: Mapping[str, Any], before: str, depth: int) -> Iterator[tuple[str, Value]]:
    nested = []
    for name, value in properties.items():
        if isinstance(value, dict):
            nested.append(name)
        elif not isinstance(value, list):
            yield before + name, value
    if depth > 1:
        for name in sorted(nested):
            yield from _scalars(properties[name], f"{before}{name}.", depth - 1)
