"""The small parts rules are made of: points, bands, limits, decay, validity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from passerelle.core.conditions import FieldTest
from passerelle.core.ranges import NumberRange
from passerelle.core.spans import Days

Points = Annotated[Decimal, Field(max_digits=12, decimal_places=6)]
"""Points: exact, to a millionth."""

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=60)]
"""A name chosen by a person."""

Period = Literal["day", "week", "month", "ever"]


class Part(BaseModel):
    """A part of an agreement: frozen, with no key that is not declared."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True
    )


def listed(value: Any) -> Any:
    """A text standing alone, as a list of one."""
    return [value] if isinstance(value, str) else value


Names = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(listed), Field(min_length=1)
]
"""Event names; one may stand alone; `*` is any event, `signs_of_life` any that the lead does."""

ANY = "*"
SIGNS_OF_LIFE = "signs_of_life"

NOT_THE_LEADS = frozenset(
    {
        "accepted",
        "aliased",
        "bant_assessed",
        "call_made",
        "deal_lost",
        "deal_won",
        "email_bounced",
        "email_delivered",
        "email_sent",
        "field_changed",
        "grouped",
        "identified",
        "leads_merged",
        "leads_parted",
        "opportunity_created",
        "returned",
    }
)
"""Events that are not the lead's own doing: what we do, and what becomes known. No sign of life."""


def are_any(names: Collection[str]) -> bool:
    """Whether such names may be those of any event."""
    return ANY in names or SIGNS_OF_LIFE in names


def is_named(name: str, names: Collection[str]) -> bool:
    """Whether an event of that name is one of those."""
    return name in names or ANY in names or (SIGNS_OF_LIFE in names and name not in NOT_THE_LEADS)


Where = dict[str, FieldTest]
"""Tests by property, all of which must hold."""


class HalfLife(Part):
    """Points halve every `days` days."""

    days: Days

    def factor(self, age: int) -> Decimal:
        """What is left of one point after `age` whole days."""
        return Decimal(0.5 ** (age / self.days))


class LinearDecay(Part):
    """Points lose `percent` of their first value each `per`, a little every midnight."""

    percent: Annotated[Decimal, Field(gt=0, le=100)]
    per: Days

    def factor(self, age: int) -> Decimal:
        """What is left of one point after `age` whole days."""
        return max(Decimal(0), 1 - self.percent / 100 * age / self.per)


class StepDecay(Part):
    """Points lose `percent` of their first value at the end of every `every`."""

    percent: Annotated[Decimal, Field(gt=0, le=100)]
    every: Days

    def factor(self, age: int) -> Decimal:
        """What is left of one point after `age` whole days."""
        return max(Decimal(0), 1 - self.percent / 100 * (age // self.every))


class Expiry(Part):
    """Points stand in full until they are `days` days old, then they are gone."""

    days: Days

    def factor(self, age: int) -> Decimal:
        """What is left of one point after `age` whole days."""
        return Decimal(1 if age < self.days else 0)


Decay = HalfLife | LinearDecay | StepDecay | Expiry


class Limit(Part):
    """At most so many points, or so many times, in each period of the agreement's calendar."""

    points: Annotated[Decimal, Field(gt=0)] | None = None
    times: Annotated[int, Field(gt=0)] | None = None
    per: Period

    @model_validator(mode="after")
    def _one_measure(self) -> Limit:
        if (self.points is None) == (self.times is None):
            raise PydanticCustomError("limit_measure", "a limit is in points or in times")
        return self


class Validity(Part):
    """The local dates, both included, between which an event counts."""

    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Validity:
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("never_valid", "it ends before it begins")
        return self

    def holds(self, day: date) -> bool:
        """Whether an event of that local date counts."""
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )


class Band(Part):
    """So many points when the number lies in the range."""

    range: NumberRange
    points: Points


def _banded(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return [{"range": str(key), "points": points} for key, points in value.items()]


def _disjoint(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    for i, band in enumerate(bands):
        for other in bands[i + 1 :]:
            if band.range.overlaps(other.range):
                raise PydanticCustomError(
                    "overlapping_bands",
                    "'{first}' and '{second}' overlap",
                    {"first": str(band.range), "second": str(other.range)},
                )
    return bands


Bands = Annotated[
    tuple[Band, ...], BeforeValidator(_banded), Field(min_length=1), AfterValidator(_disjoint)
]
"""Points by range of a number; no number lies in two of them."""


def points_in_bands(bands: tuple[Band, ...], number: Decimal) -> Decimal:
    """The points of the band that holds `number`; 0 when none does."""
    return next((b.points for b in bands if b.range.holds(number)), Decimal(0))
