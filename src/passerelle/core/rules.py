"""The closed set of rule kinds: what gives points, to whom, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from passerelle.core.conditions import (
    DomainIn,
    InRange,
    Is,
    Missing,
    Patterns,
    Test,
)
from passerelle.core.parts import (
    SIGNS_OF_LIFE,
    Bands,
    Decay,
    Expiry,
    HalfLife,
    Key,
    Limit,
    LinearDecay,
    Names,
    Part,
    Points,
    StepDecay,
    Validity,
    Where,
)
from passerelle.core.ranges import NumberRange, Range
from passerelle.core.spans import Days, Span

PERSON = "person"
"""What a rule counts once, when it is the lead itself and no property of an event."""

VISIT = "visit"
DAY = "day"
EVENT = "event"
"""What a rule tells apart that is no property of an event."""


class RuleBase(Part):
    """What every rule has: a key, a place in the score, and its own lines."""

    key: Key
    title: str | None = None
    dimension: Key | None = None
    group: Key | None = None
    max: Points | None = None
    min: Points | None = None

    @model_validator(mode="after")
    def _lines_in_order(self) -> RuleBase:
        if self.max is not None and self.min is not None and self.min > self.max:
            raise PydanticCustomError("min_above_max", "min is above max")
        return self


def _as_days(value: Any) -> Any:
    return {"days": value} if isinstance(value, str) else value


class Fading(Part):
    """How points grow old: at most one way."""

    window: Days | None = None
    half_life: Annotated[HalfLife, BeforeValidator(_as_days)] | None = None
    linear_decay: LinearDecay | None = None
    step_decay: StepDecay | None = None
    expires: Annotated[Expiry, BeforeValidator(_as_days)] | None = None

    @property
    def decay(self) -> Decay | None:
        """The one way in which points fade, if they do."""
        return self.half_life or self.linear_decay or self.step_decay or self.expires

    @model_validator(mode="after")
    def _one_decay(self) -> Fading:
        ways = (self.half_life, self.linear_decay, self.step_decay, self.expires)
        if sum(way is not None for way in ways) > 1:
            raise PydanticCustomError("several_decays", "points fade in one way only")
        return self


class FieldQuestion(Part):
    """At most one question to one field of the lead."""

    field: str | None = None
    matches: Names | None = None
    one_of: Names | None = None
    domain_in: Names | None = None
    equals: NumberRange | None = None
    missing: bool | None = None
    present: bool | None = None
    is_: Annotated[bool | None, Field(alias="is")] = None

    @property
    def test(self) -> Test | None:
        """The test of the field, if one is asked."""
        if names := self.matches or self.one_of:
            return Patterns(names)
        if self.domain_in is not None:
            return DomainIn(self.domain_in)
        if self.equals is not None:
            return InRange(self.equals)
        if self.is_ is not None:
            return Is(self.is_)
        if self.missing is not None:
            return Missing(self.missing)
        return None if self.present is None else Missing(not self.present)

    def questions(self) -> int:
        """How many tests are asked."""
        parts = (self.matches, self.one_of, self.domain_in, self.equals)
        flags = (self.missing, self.present, self.is_)
        return sum(part is not None for part in parts + flags)


class FieldRule(RuleBase, FieldQuestion):
    """Points for what a field of the lead holds; the first case that holds gives its points."""

    field: str
    bands: Bands | None = None
    values: Annotated[dict[str, Points], Field(min_length=1)] | None = None
    otherwise: Points | None = None
    points: Points | None = None

    @property
    def cases(self) -> tuple[tuple[Test, Points], ...]:
        """Tests with their points, in the order in which they are tried."""
        if self.bands is not None:
            return tuple((InRange(band.range), band.points) for band in self.bands)
        if self.values is not None:
            table = tuple((Patterns((v,)), points) for v, points in self.values.items())
            if self.otherwise is None:
                return table
            return (*table, (Missing(missing=False), self.otherwise))
        assert self.points is not None
        assert self.test is not None
        return ((self.test, self.points),)

    @model_validator(mode="after")
    def _one_question(self) -> FieldRule:
        tables = (self.bands is not None) + (self.values is not None)
        if self.questions() + tables != 1:
            raise PydanticCustomError("one_question", "a field rule asks one question")
        if (self.points is None) is (tables == 0):
            raise PydanticCustomError("points_missing", "points stand beside a test")
        if self.otherwise is not None and self.values is None:
            raise PydanticCustomError("otherwise_alone", "otherwise belongs to values")
        return self


class CountingRule(RuleBase, Fading):
    """Points for things that happen: which of them count is settled when they happen."""

    where: Where = Field(default_factory=dict)
    points: Points | None = None
    counts: Bands | None = None
    valid: Validity = Validity()
    first_only: str | None = None
    cool_down: Span | None = None
    limit: Limit | None = None

    @model_validator(mode="after")
    def _points_or_counts(self) -> CountingRule:
        if (self.points is None) == (self.counts is None):
            raise PydanticCustomError("points_or_counts", "points or counts, one of them")
        if self.counts is not None and (self.decay is not None or self._limits_points()):
            raise PydanticCustomError("counts_do_not_fade", "counts have a window only")
        return self

    def _limits_points(self) -> bool:
        return self.limit is not None and self.limit.points is not None


class EventRule(CountingRule):
    """Points each time such an event happens."""

    event: Names


class Visits(Part):
    """Which visits: all of them, those that come back after a while, those that last."""

    after: Span | None = None
    within: Span | None = None
    lasts: Span | None = None

    @property
    def returning(self) -> bool:
        """Whether only visits with an earlier one count."""
        return self.after is not None or self.within is not None

    @model_validator(mode="after")
    def _possible(self) -> Visits:
        if self.after and self.within and self.after >= self.within:
            raise PydanticCustomError("never_returns", "within is not longer than after")
        if self.lasts and self.returning:
            raise PydanticCustomError("visit_question", "returns or lasts, one of them")
        return self


class VisitRule(CountingRule):
    """Points for each visit, each return, or each visit that lasts."""

    visit: Visits


class Distinct(Part):
    """So many different ones: visits, days, or values of a property."""

    of: str
    events: Names = ("*",)
    where: Where = Field(default_factory=dict)
    at_least: Annotated[int, Field(gt=0)] | None = None
    counts: Bands | None = None

    @model_validator(mode="after")
    def _one_line(self) -> Distinct:
        if (self.at_least is None) == (self.counts is None):
            raise PydanticCustomError("at_least_or_counts", "at_least or counts, one of them")
        return self


class DistinctRule(RuleBase):
    """Points when enough different things were seen in the window."""

    distinct: Distinct
    points: Points | None = None
    window: Days | None = None

    @model_validator(mode="after")
    def _points_where_needed(self) -> DistinctRule:
        if (self.points is None) is (self.distinct.at_least is not None):
            raise PydanticCustomError("points_missing", "points stand beside at_least")
        return self

    @property
    def bands(self) -> tuple[tuple[Range, Points], ...]:
        """Points by number of different ones."""
        if self.distinct.counts is not None:
            return tuple((band.range, band.points) for band in self.distinct.counts)
        assert self.points is not None
        assert self.distinct.at_least is not None
        return ((Range(low=Decimal(self.distinct.at_least)), self.points),)


class Velocity(Part):
    """So many events within an exact span of time."""

    events: Names
    where: Where = Field(default_factory=dict)
    at_least: Annotated[int, Field(ge=2)]
    within: Span


class VelocityRule(RuleBase, Fading):
    """Points when the lead goes fast; they age from the last event of the latest burst."""

    velocity: Velocity
    points: Points


class Inactivity(Part):
    """So many days without any of these events, and again after every so many more."""

    span: Annotated[Days, Field(alias="for")]
    every: Days | None = None
    events: Names = (SIGNS_OF_LIFE,)


class InactivityRule(RuleBase):
    """Points, usually bad ones, for silence since the last event."""

    inactive: Inactivity
    points: Points


def _kind(value: Any) -> str | None:
    if isinstance(value, Part):
        return _KIND_OF[type(value)]
    if not isinstance(value, Mapping):
        return None
    found = [kind for kind in RULE_KINDS if kind in value]
    return found[0] if len(found) == 1 else None


RULE_KINDS = ("field", "event", "visit", "distinct", "velocity", "inactive")
"""The key by which each kind of rule is known."""

_KIND_OF: dict[type[Part], str] = {
    FieldRule: "field",
    EventRule: "event",
    VisitRule: "visit",
    DistinctRule: "distinct",
    VelocityRule: "velocity",
    InactivityRule: "inactive",
}

Rule = FieldRule | EventRule | VisitRule | DistinctRule | VelocityRule | InactivityRule
"""Any rule."""

AnyRule = Annotated[
    Annotated[FieldRule, Tag("field")]
    | Annotated[EventRule, Tag("event")]
    | Annotated[VisitRule, Tag("visit")]
    | Annotated[DistinctRule, Tag("distinct")]
    | Annotated[VelocityRule, Tag("velocity")]
    | Annotated[InactivityRule, Tag("inactive")],
    Discriminator(
        _kind, custom_error_type="rule_kind", custom_error_message="a rule asks one question"
    ),
]
"""A rule in an agreement's spelling, told apart by the one kind key it has."""
