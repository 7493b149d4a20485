"""An agreement made ready to look at events: each is read once for all that ask for it.

What an agreement asks of events are choices: names with tests of properties. Events of one name
whose tested properties are alike are seen alike, so one look into a memory tells which choices
an event is among.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from passerelle.core.conditions import Missing, Test, Value, exactly, passes
from passerelle.core.duties import BANT_EVENT, LOST, RETURNED, WON
from passerelle.core.local_days import LocalDays
from passerelle.core.memo import Memo
from passerelle.core.parts import ANY, NOT_THE_LEADS, SIGNS_OF_LIFE, is_named
from passerelle.core.rules import (
    DAY,
    EVENT,
    PERSON,
    VISIT,
    DistinctRule,
    EventRule,
    InactivityRule,
    VelocityRule,
)

if TYPE_CHECKING:
    from passerelle.core.agreement import Agreement, Content
    from passerelle.core.history import Event
    from passerelle.core.parts import Part
    from passerelle.core.stages import When

FIELD_CHANGED = "field_changed"

Names = tuple[str, ...]


class Choice(NamedTuple):
    """Events of some names (see `parts.Names`) that pass the tests of their properties."""

    names: Names
    where: Mapping[str, Test]

    def holds(self, name: str) -> bool:
        """Whether events of that name may be among them."""
        return is_named(name, self.names)


class Reading(NamedTuple):
    """How events that are alike are seen: kind and phase of their content, and their choices."""

    given: Mapping[str, Value]
    choices: tuple[int, ...]


class Lens:
    """What one agreement looks for in events; `choices` are numbered from 0, which is all."""

    def __init__(self, agreement: Agreement) -> None:
        self.stays = {key: stage.stays for key, stage in agreement.stages.items()}
        self.days = LocalDays(agreement.zone)
        self.choices: list[Choice] = [Choice((ANY,), {})]
        self.numbers: dict[int | Names, int] = {}
        """The number of a choice by the `id` of who makes it, or by mere names."""
        for part, names, where in _asked(agreement, self.stays):
            choice = Choice(names, where)
            if choice not in self.choices:
                self.choices.append(choice)
            self.numbers[names if part is None else id(part)] = self.choices.index(choice)
        self.content = [(content.where, _given(content)) for content in agreement.content]
        self._unnamed = _Reader("", self)
        named = {name for choice in self.choices for name in choice.names} - {ANY}
        if any(SIGNS_OF_LIFE in choice.names for choice in self.choices):
            named |= NOT_THE_LEADS
        self._readers = {name: _Reader(name, self) for name in named}

    def readings(self, events: Iterable[Event]) -> list[Reading]:
        """How each of the events is seen."""
        readers, unnamed, found = self._readers, self._unnamed, []
        for event in events:
            reader, properties = readers.get(event.name, unnamed), event.properties
            tested = reader.tested if properties else ()
            values = tuple(map(properties.get, tested)) if tested else ()
            try:
                found.append(reader[values])
            except TypeError:  # a list or a table, which no event should hold, is read by its text
                found.append(reader.__missing__(values))
        return found


class _Reader(Memo[tuple[object, ...], Reading]):
    """How events of one name are seen, by the values of the properties that are tested."""

    def __init__(self, name: str, lens: Lens) -> None:
        super().__init__()
        self._choices = [(n, c) for n, c in enumerate(lens.choices) if n and c.holds(name)]
        self._content = lens.content
        wheres = [c.where for _, c in self._choices] + [where for where, _ in self._content]
        self.tested = tuple(dict.fromkeys(name for where in wheres for name in where))

    def __missing__(self, values: tuple[Any, ...]) -> Reading:
        # 1 and True are equal, but not alike: only texts stand in the memory as they are.
        key = tuple(map(exactly, values))
        return self[key] if key in self else self.keep(key, self._read(values))

    def _read(self, values: tuple[Any, ...]) -> Reading:
        properties = dict(zip(self.tested, values, strict=False))
        given = next((g for where, g in self._content if passes(where, properties)), {})
        seen = {**properties, **given}
        return Reading(given, tuple(n for n, c in self._choices if passes(c.where, seen)))


def _given(content: Content) -> Mapping[str, Value]:
    """What a content says of its events."""
    said = {"kind": content.kind, "phase": content.phase}
    return {name: value for name, value in said.items() if value is not None}


def _asked(
    agreement: Agreement, stays: Mapping[str, When]
) -> Iterator[tuple[Part | None, Names, Mapping[str, Test]]]:
    """Who asks for which events; what is asked for by name alone stands for itself."""
    for rule in agreement.rules:
        match rule:
            case EventRule():
                yield rule, rule.event, _with(rule.first_only, rule.where, PERSON)
            case DistinctRule():
                yield (
                    rule,
                    rule.distinct.events,
                    _with(rule.distinct.of, rule.distinct.where, VISIT, DAY, EVENT),
                )
            case VelocityRule():
                yield rule, rule.velocity.events, rule.velocity.where
            case InactivityRule():
                yield rule, rule.inactive.events, {}
            case _:
                pass
    for trigger in (*agreement.fast_tracks, *agreement.disqualify, *agreement.overrides):
        yield trigger, trigger.event or (), trigger.where
    for when in (*(stage.when for stage in agreement.stages.values()), *stays.values()):
        if when is not None:
            yield when, when.event or (), when.where
    thaws = [override.until or () for override in agreement.overrides]
    required = agreement.qualification.sales_qualified.requires if agreement.qualification else ()
    sales = [(BANT_EVENT,), (RETURNED, LOST), (WON,), *((name,) for name in required)]
    for names in (*thaws, *sales, (FIELD_CHANGED,), agreement.visits.events):
        yield None, names, {}


def _with(of: str | None, where: Mapping[str, Test], *no_property: str) -> Mapping[str, Test]:
    """The tests, and that there is the property of which a rule tells values apart."""
    if of is None or of in where or of in no_property:
        return where
    return {**where, of: Missing(missing=False)}
