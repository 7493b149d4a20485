"""What would change it: the fewest next events that raise a lead, measured, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value
from passerelle.core.history import Event, Lead, seen_events
from passerelle.core.outlook_candidates import Candidate, OriginKind, candidates
from passerelle.core.outlook_next import known_record, next_stage
from passerelle.core.outlook_rules import Occurrence
from passerelle.core.stages import DISQUALIFIED
from passerelle.core.standing import Record, rank, standing_at


@dataclass(frozen=True, slots=True)
class Step:
    """An event, so many times, one after the other; the properties are the first one's."""

    event: str
    properties: Mapping[str, Value]
    times: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Events that would move the lead, and where they would bring it, as the scorer says.

    `kind` and `of` name the part of the agreement for whose sake they were tried: a rule, a fast
    track, an override, or the next stage. `gain` is what the total would rise by from now until
    the last of `events`, at which `total` and `stage` are measured.
    """

    kind: OriginKind
    of: str
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    gain: Decimal
    total: Decimal
    stage: str
    rises: bool

    @property
    def event(self) -> str:
        """The name of the first event."""
        return self.steps[0].event

    @property
    def properties(self) -> Mapping[str, Value]:
        """The properties of the first event."""
        return self.steps[0].properties

    @property
    def times(self) -> int:
        """How many times the first step is taken."""
        return self.steps[0].times


def what_would_change(
    agreement: Agreement, lead: Lead, *, as_of: datetime, most: int = 5
) -> tuple[Suggestion, ...]:
    """The cheapest next events, at most `most`: first those that raise the stage, then the rest.

    Each raises the stage with the fewest repetitions (up to five), or else the total. Within
    each kind fewer events stand first, then those that gain more; each rule or track speaks once.
    A disqualified lead gets none.
    """
    record = known_record(agreement, lead, as_of=as_of)
    here = standing_at(record, as_of=as_of).stage
    if here == DISQUALIFIED:
        return ()
    ahead = next_stage(record, as_of=as_of)
    tried = (_cheapest(record, one, here, as_of) for one in candidates(record, ahead, as_of=as_of))
    ordered = sorted((one for one in tried if one is not None), key=_order)
    return tuple(_told_once(ordered))[:most]


def _cheapest(
    record: Record, candidate: Candidate, here: str, as_of: datetime
) -> Suggestion | None:
    """The fewest occurrences that raise the stage; without any, the fewest that gain points."""
    gaining: Suggestion | None = None
    for number in range(1, len(candidate.occurrences) + 1):
        suggestion = _measured(record, candidate, number, here, as_of)
        if suggestion.rises:
            return suggestion
        if gaining is None and suggestion.gain > 0:
            gaining = suggestion
    return gaining


def _measured(
    record: Record, candidate: Candidate, number: int, here: str, as_of: datetime
) -> Suggestion:
    taken = candidate.occurrences[:number]
    events = tuple(event for occurrence in taken for event in occurrence)
    agreement, last = record.agreement, events[-1].occurred_at
    after = record.followed_by(seen_events(agreement, events))
    total, stage = after.levels(last).total, standing_at(after, as_of=last).stage
    rises = rank(agreement, stage) > rank(agreement, here)
    if rises and agreement.day(last) != agreement.day(as_of):
        alone = standing_at(record, as_of=last).stage
        rises = rank(agreement, stage) > rank(agreement, alone)
    gain = total - record.levels(as_of).total
    return Suggestion(
        kind=candidate.kind,
        of=candidate.of,
        steps=tuple(_steps(candidate, taken)),
        events=events,
        gain=gain,
        total=total,
        stage=stage,
        rises=rises,
    )


def _steps(candidate: Candidate, taken: Sequence[Occurrence]) -> Iterator[Step]:
    if candidate.kind == "qualification":
        yield from (Step(event.name, event.properties, 1) for event in taken[0])
        return
    for name, alike in groupby((occurrence[0] for occurrence in taken), key=lambda e: e.name):
        first, *others = alike
        yield Step(name, first.properties, 1 + len(others))


def _order(suggestion: Suggestion) -> tuple[object, ...]:
    last = suggestion.events[-1].occurred_at
    return (not suggestion.rises, len(suggestion.events), -suggestion.gain, last, suggestion.of)


def _told_once(suggestions: Sequence[Suggestion]) -> Iterator[Suggestion]:
    """The best for each part of the agreement, and nothing that has been said already."""
    origins: set[tuple[str, str]] = set()
    said: set[tuple[object, ...]] = set()
    for one in suggestions:
        steps = tuple((s.event, repr(sorted(s.properties.items())), s.times) for s in one.steps)
        if steps not in said and (one.kind, one.of) not in origins:
            said.add(steps)
            origins.add((one.kind, one.of))
            yield one
