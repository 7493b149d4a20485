"""One lead's log as one agreement sees it, dealt out to those that ask, and looked at in time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value
from passerelle.core.history import FIELD_CHANGED, Seen, fields_at
from passerelle.core.lens import Lens, Names
from passerelle.core.parts import Part
from passerelle.core.visits import VisitMark, visit_marks

_OCCURRED = attrgetter("occurred_at")


class Log:
    """The fields and events of a lead; what each rule, trigger and condition asks for is at hand.

    `events` are in order of time. Nothing is ever added: more events make another log.
    """

    def __init__(
        self, agreement: Agreement, fields: Mapping[str, Value], events: Sequence[Seen]
    ) -> None:
        self.agreement, self.lens = agreement, agreement.once(Lens)
        self.fields, self.events = fields, list(events)
        self.dealt: list[list[Seen]] = [[] for _ in self.lens.choices]
        """The events of each choice of the lens, by its number."""
        self.dealt[0] = self.events
        for seen in self.events:
            for number in seen.reading.choices:
                self.dealt[number].append(seen)
        self._known_fields: dict[int, Mapping[str, Value]] = {}
        self._visits: list[VisitMark] | None = None
        self.settled: dict[str, Any] = {}
        """What was settled as things happened, by the rule that keeps it here."""

    def chosen(self, asking: Part) -> list[Seen]:
        """The events that a rule, a trigger or a condition asks for."""
        return self.dealt[self.lens.numbers[id(asking)]]

    def named(self, names: Names) -> list[Seen]:
        """The events of those names, which somebody must ask for."""
        return self.dealt[self.lens.numbers[names]]

    @property
    def visits(self) -> list[VisitMark]:
        """Every event of a visit with its mark."""
        if self._visits is None:
            definition = self.agreement.visits
            self._visits = visit_marks(definition, self.named(definition.events))
        return self._visits

    def fields_after(self, changes: Sequence[Seen]) -> Mapping[str, Value]:
        """The known fields after the first so many of the changes in the log."""
        known = self._known_fields.get(len(changes))
        if known is None:
            known = fields_at(self.agreement, self.fields, changes)
            self._known_fields[len(changes)] = known
        return known

    def at(self, instant: datetime) -> Instant:
        """The view from one instant."""
        return Instant(self, instant)


class Instant:
    """The view from one instant: its local day, the fields as they stood, what had happened."""

    __slots__ = ("_fields", "as_of", "dealt", "log", "today", "whole")

    def __init__(self, log: Log, as_of: datetime) -> None:
        self.log, self.as_of = log, as_of
        self._fields: Mapping[str, Value] | None = None
        (self.today,) = log.lens.days.numbers([as_of])
        self.whole = not log.events or log.events[-1].occurred_at <= as_of
        self.dealt = log.dealt if self.whole else [self.past(events) for events in log.dealt]

    @property
    def fields(self) -> Mapping[str, Value]:
        """The known fields as they stood."""
        if self._fields is None:
            self._fields = self.log.fields_after(self.named((FIELD_CHANGED,)))
        return self._fields

    @property
    def events(self) -> Sequence[Seen]:
        """What had happened by then, the instant itself included."""
        return self.dealt[0]

    def chosen(self, asking: Part) -> list[Seen]:
        """The events by then that a rule, a trigger or a condition asks for."""
        return self.dealt[self.log.lens.numbers[id(asking)]]

    def named(self, names: Names) -> list[Seen]:
        """The events by then of those names."""
        return self.dealt[self.log.lens.numbers[names]]

    def past(self, events: list[Seen]) -> list[Seen]:
        """Of events in order of time those that had happened."""
        return events if self.whole else events[: self.count(events)]

    def count(self, events: Sequence[Seen]) -> int:
        """How many of the events, in order of time, had happened."""
        return len(events) if self.whole else bisect_right(events, self.as_of, key=_OCCURRED)

    def age(self, seen: Seen) -> int:
        """Whole days of the agreement's calendar since the event."""
        return self.today - seen.day_number

    def on(self, day: date | None) -> bool:
        """Whether that local date has come."""
        return day is not None and self.today >= day.toordinal()
