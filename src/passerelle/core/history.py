"""What is known of one lead: its fields, its events, and how the agreement sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter

from passerelle.core.agreement import Agreement, FieldType
from passerelle.core.conditions import (
    Value,
    boolean_of,
    date_of,
    number_of,
    text_of,
)
from passerelle.core.lens import FIELD_CHANGED, Lens, Reading

__all__ = ["FIELD_CHANGED", "Event", "Lead", "Seen", "fields_at", "seen_events"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a lead: its name, its own time, what is known of it."""

    name: str
    occurred_at: datetime
    id: str = ""
    properties: Mapping[str, Value] = field(default_factory=dict)
    received_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError(f"{self.name}: occurred_at has no time zone")


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead: its key, the fields known before any change in the log, and its log."""

    key: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    events: Sequence[Event] = ()


@dataclass(slots=True)
class Seen:
    """An event as the agreement sees it: on a local day, with its content's kind and phase.

    `day_number` is `date.toordinal` of the local date. Nobody changes it once it is made; it is
    not frozen because thousands are made in a moment.
    """

    event: Event
    occurred_at: datetime
    day_number: int
    reading: Reading

    @property
    def name(self) -> str:
        """The event's name."""
        return self.event.name

    @property
    def day(self) -> date:
        """The local date of the event."""
        return date.fromordinal(self.day_number)

    @property
    def properties(self) -> Mapping[str, Value]:
        """What is known of the event, and kind and phase as its content gives them."""
        return {**self.event.properties, **self.reading.given}

    def said(self, name: str) -> Value:
        """One of the properties."""
        given = self.reading.given
        return given[name] if name in given else self.event.properties.get(name)

    @property
    def late(self) -> timedelta:
        """How long after it happened it arrived; nothing when that is not known."""
        if self.event.received_at is None:
            return timedelta()
        return max(timedelta(), self.event.received_at - self.event.occurred_at)


def seen_events(
    agreement: Agreement, events: Iterable[Event], *, known_at: datetime | None = None
) -> list[Seen]:
    """The events in order of their own time, each message once.

    Of several with one id the first received stands, then the first to have happened. With
    `known_at` only what had been received by then is there; what has no time of receipt was
    received when it happened.
    """
    known = [e for e in events if known_at is None or _received(e) <= known_at]
    if len({e.id for e in known}) < len(known):
        known = _once(known)
    known.sort(key=attrgetter("id"))
    known.sort(key=attrgetter("occurred_at"))
    times = [event.occurred_at for event in known]
    lens = agreement.once(Lens)
    return list(map(Seen, known, times, lens.days.numbers(times), lens.readings(known)))


def fields_at(
    agreement: Agreement,
    fields: Mapping[str, Value],
    events: Iterable[Seen],
    *,
    as_of: datetime | None = None,
) -> dict[str, Value]:
    """The known fields as they stood: the last change by then, or what was known before any.

    A value that is not of its declared type is missing.
    """
    standing = dict(fields)
    for seen in events:
        if seen.name == FIELD_CHANGED and (as_of is None or seen.occurred_at <= as_of):
            standing[str(seen.said("field"))] = seen.said("value")
    return {
        name: None if (value := standing.get(name)) is None else _typed(value, declared.type)
        for name, declared in agreement.known_fields.items()
    }


def _typed(value: Value, declared: FieldType) -> Value:
    match declared:
        case "number":
            return number_of(value)
        case "boolean":
            return boolean_of(value)
        case "date":
            return date_of(value)
        case _:
            return text_of(value)


def _received(event: Event) -> datetime:
    return event.received_at or event.occurred_at


def _once(known: Sequence[Event]) -> list[Event]:
    once: dict[str, Event] = {}
    unnamed: list[Event] = []
    for event in sorted(known, key=lambda e: (_received(e), e.occurred_at)):
        if event.id:
            once.setdefault(event.id, event)
        else:
            unnamed.append(event)
    return [*once.values(), *unnamed]
