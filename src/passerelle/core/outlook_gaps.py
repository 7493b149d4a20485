"""What a stage asks for and a lead lacks, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Test, Value
from passerelle.core.duties import CRITERIA
from passerelle.core.history import selected
from passerelle.core.ledger import Levels
from passerelle.core.qualification import BantState, assessments
from passerelle.core.ranges import Range
from passerelle.core.stages import When
from passerelle.core.worth import Instant

FINE = Decimal("0.000001")
"""The least difference between two levels that a line can tell."""

BANT = "bant"


@dataclass(frozen=True, slots=True)
class LevelGap:
    """A level off its line: adding `missing` points brings it there; it is negative above."""

    level: str
    value: Decimal
    line: Range
    missing: Decimal


@dataclass(frozen=True, slots=True)
class GradeGap:
    """A grade that is none of those wanted."""

    grade: str
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventGap:
    """None of `events` has happened as `where` asks; after `since`, when the lead came back."""

    events: tuple[str, ...]
    where: Mapping[str, Test] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldGap:
    """A field that fails its test."""

    field: str
    value: Value
    test: Test


@dataclass(frozen=True, slots=True)
class CriterionGap:
    """A criterion of BANT that stands for nothing: never assessed, not met, or lapsed."""

    criterion: str
    state: Literal["open", "unmet", "lapsed"]
    points: Decimal


@dataclass(frozen=True, slots=True)
class QualifiedGap:
    """The stage is for leads that are not qualified by sales, and this one is."""


@dataclass(frozen=True, slots=True)
class RestGap:
    """The lead was given back for `reason` and rests until the local date `until`."""

    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class RearmGap:
    """The lead was given back and lacks `missing` new points to come up again."""

    reason: str
    missing: Decimal


@dataclass(frozen=True, slots=True)
class DisqualifiedGap:
    """The disqualifier `by` holds; it lets go on the local date `until` when it has a window."""

    by: str
    until: date | None = None


Gap = (
    LevelGap
    | GradeGap
    | EventGap
    | FieldGap
    | CriterionGap
    | QualifiedGap
    | RestGap
    | RearmGap
    | DisqualifiedGap
)


def missing_points(line: Range, value: Decimal) -> Decimal:
    """The least points, to the millionth, that bring `value` onto the line; 0 when it is there."""
    if line.holds_level(value):
        return Decimal(0)
    if line.low is not None and not Range(line.low, None, line.low_included).holds_level(value):
        return line.low - value + (0 if line.low_included else FINE)
    high = line.high if line.high is not None else value
    return high - value - (0 if line.high_included else FINE)


def gaps_of(
    agreement: Agreement,
    when: When,
    at: Instant,
    *,
    levels: Levels,
    bant: BantState,
    since: datetime | None,
) -> Iterator[Gap]:
    """What a lead lacks of `when`; nothing when it meets all of it."""
    for level, line in when.levels.items():
        value = bant.points if level == BANT else levels.of(level)
        if not line.holds_level(value):
            yield LevelGap(level, value, line, missing_points(line, value))
    if when.grade is not None and levels.grade not in when.grade:
        yield GradeGap(levels.grade, when.grade)
    if when.event is not None and not selected(at.events, when.event, when.where):
        yield EventGap(when.event, when.where)
    for name, test in when.fields.items():
        if not test.holds(at.fields.get(name)):
            yield FieldGap(name, at.fields.get(name), test)
    if when.qualified is True:
        yield from qualification_gaps(agreement, at, bant=bant, since=since)
    elif when.qualified is False and bant.qualified:
        yield QualifiedGap()


def qualification_gaps(
    agreement: Agreement, at: Instant, *, bant: BantState, since: datetime | None
) -> Iterator[Gap]:
    """What sales still has to do, and which criteria of BANT stand for nothing, dearest first."""
    qualification = agreement.qualification
    if qualification is None:
        return
    for name in bant.missing:
        if name != BANT:
            yield EventGap((name,), since=since)
    line = qualification.sales_qualified.bant
    if line is None or BANT not in bant.missing:
        return
    yield LevelGap(BANT, bant.points, line, missing_points(line, bant.points))
    assessed = assessments(at)
    unmet = [c for c in CRITERIA if c not in bant.assessments or not bant.assessments[c].met]
    for criterion in sorted(unmet, key=lambda c: -qualification.bant.points(c)):
        stands = criterion in bant.assessments
        lapsed = criterion in assessed and not stands
        state: Literal["open", "unmet", "lapsed"] = (
            "unmet" if stands else "lapsed" if lapsed else "open"
        )
        yield CriterionGap(criterion, state, qualification.bant.points(criterion))
