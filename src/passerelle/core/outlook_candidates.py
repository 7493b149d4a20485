"""Next events that might move a lead: for each rule, track, condition and open question one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Test, Value, boolean_of, text_of
from passerelle.core.duties import BANT_EVENT
from passerelle.core.history import FIELD_CHANGED, Event
from passerelle.core.outlook_gaps import CriterionGap, EventGap, FieldGap, LevelGap
from passerelle.core.outlook_next import NextStage, is_closed
from passerelle.core.outlook_rules import Occurrence, moment, occurrences_of, repeated
from passerelle.core.outlook_values import plausible_properties, plausible_values
from passerelle.core.parts import are_any
from passerelle.core.rules import FieldRule
from passerelle.core.standing import Record

OriginKind = Literal["rule", "fast_track", "override", "stage", "qualification"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Events that might come next, for the sake of `of`; each occurrence may be several events."""

    kind: OriginKind
    of: str
    occurrences: Sequence[Occurrence]


def candidates(record: Record, ahead: NextStage | None, *, as_of: datetime) -> Iterator[Candidate]:
    """Every next event that the agreement has an eye for; what it would do is not known here."""
    yield from _of_tracks(record, as_of)
    yield from _of_rules(record, as_of)
    yield from _of_overrides(record.agreement, as_of)
    if ahead is not None:
        yield from _of_gaps(record.agreement, ahead, as_of)


def _of_tracks(record: Record, as_of: datetime) -> Iterator[Candidate]:
    agreement, at = record.agreement, record.at(as_of)
    for track in agreement.fast_tracks:
        if track.event is not None:
            for occurrences in _of_events(agreement, track.event, track.where, as_of):
                yield Candidate("fast_track", track.key, occurrences)
        elif track.field is not None and track.test is not None and not is_closed(track, at):
            for answer in _answers(agreement, track.field, [track.test], as_of):
                yield Candidate("fast_track", track.key, [answer])


def _of_rules(record: Record, as_of: datetime) -> Iterator[Candidate]:
    agreement, at = record.agreement, record.at(as_of)
    for rule in agreement.rules:
        if not isinstance(rule, FieldRule):
            yield Candidate("rule", rule.key, list(occurrences_of(record, rule, as_of=as_of)))
        elif text_of(at.fields.get(rule.field)) is None:
            tests = [test for test, points in rule.cases if points > Decimal(0)]
            for answer in _answers(agreement, rule.field, tests, as_of):
                yield Candidate("rule", rule.key, [answer])


def _of_overrides(agreement: Agreement, as_of: datetime) -> Iterator[Candidate]:
    for override in agreement.overrides:
        for occurrences in _of_events(agreement, override.event or (), override.where, as_of):
            yield Candidate("override", override.key, occurrences)
        for occurrences in _of_events(agreement, override.until or (), {}, as_of):
            yield Candidate("override", override.key, occurrences)


def _of_gaps(agreement: Agreement, ahead: NextStage, as_of: datetime) -> Iterator[Candidate]:
    for gap in ahead.gaps:
        match gap:
            case EventGap():
                for occurrences in _of_events(agreement, gap.events, gap.where, as_of):
                    yield Candidate("stage", ahead.stage, occurrences)
            case FieldGap() if text_of(gap.value) is None:
                for answer in _answers(agreement, gap.field, [gap.test], as_of):
                    yield Candidate("stage", ahead.stage, [answer])
            case CriterionGap():
                yield Candidate("stage", ahead.stage, [(_assessment(gap, as_of, 0),)])
    if whole := tuple(_whole(ahead, as_of)):
        yield Candidate("qualification", ahead.stage, [whole])


def _whole(ahead: NextStage, as_of: datetime) -> Iterator[Event]:
    """All that sales still has to do, in one go: events asked for, and criteria up to the line."""
    points = line = None
    number = 0
    for gap in ahead.gaps:
        match gap:
            case EventGap():
                yield Event(gap.events[0], moment(as_of, number))
            case LevelGap(level="bant"):
                points, line = gap.value, gap.line
                continue
            case CriterionGap() if line is not None and points is not None:
                if line.holds_level(points):
                    continue
                points += gap.points
                yield _assessment(gap, as_of, number)
            case _:
                continue
        number += 1


def _assessment(gap: CriterionGap, as_of: datetime, number: int) -> Event:
    properties: dict[str, Value] = {"criterion": gap.criterion, "met": True}
    return Event(BANT_EVENT, moment(as_of, number), properties=properties)


def _of_events(
    agreement: Agreement, names: Sequence[str], where: Mapping[str, Test], as_of: datetime
) -> Iterator[Sequence[Occurrence]]:
    properties = plausible_properties(agreement, where, now=as_of) if names else None
    if properties is None:
        return
    for name in names:
        if are_any((name,)):
            continue
        yield list(repeated(name, properties, as_of))


def _answers(
    agreement: Agreement, field: str, tests: Sequence[Test], as_of: datetime
) -> Iterator[Occurrence]:
    """The likeliest value for each case, as a change of the field."""
    declared = agreement.known_fields[field]
    for test in tests:
        for value in islice(plausible_values([test], choices=declared.one_of or ()), 1):
            known = boolean_of(value) if declared.type == "boolean" else value
            properties: dict[str, Value] = {"field": field, "value": known}
            yield (Event(FIELD_CHANGED, moment(as_of, 0), properties=properties),)
