"""Where a lead stands: stages with their lines, fast tracks, disqualifiers and overrides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from passerelle.core.conditions import FieldTest
from passerelle.core.parts import Key, Names, Part, Points, Where
from passerelle.core.ranges import NumberRange, Range
from passerelle.core.rules import FieldQuestion
from passerelle.core.spans import Days

TOTAL = "total"
HANDOFF = "handoff"
SALES_QUALIFIED = "sql"
LEAD = "lead"
DISQUALIFIED = "disqualified"
NURTURING = "nurturing"

_WHEN_KEYS = ("levels", "grade", "event", "where", "fields", "qualified")


class When(Part):
    """What a lead must have to enter a stage; all of it."""

    levels: dict[str, NumberRange] = Field(default_factory=dict)
    grade: Names | None = None
    event: Names | None = None
    where: Where = Field(default_factory=dict)
    fields: dict[str, FieldTest] = Field(default_factory=dict)
    qualified: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather_levels(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        known = {k: v for k, v in value.items() if k in _WHEN_KEYS}
        levels = {k: v for k, v in value.items() if k not in _WHEN_KEYS}
        given = known.get("levels", {})
        if not isinstance(given, Mapping):
            return value
        return {**known, "levels": {**given, **levels}}


def _as_total(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {TOTAL: value}


Levels = Annotated[dict[str, Points], BeforeValidator(_as_total)]
"""Points by dimension, or of the total when a number stands alone."""


class Stage(Part):
    """One step of the ladder; a lead that entered stays until it falls below."""

    label: str | None = None
    when: When | None = None
    falls_below: Annotated[Levels, Field(default_factory=dict)]

    @model_validator(mode="after")
    def _falls_from_a_line(self) -> Stage:
        for level, line in self.falls_below.items():
            entry = self.when and self.when.levels.get(level)
            if not entry or entry.low is None or line > entry.low:
                raise PydanticCustomError(
                    "falls_from_nowhere", "no line above {line}", {"level": level, "line": line}
                )
        return self

    @property
    def stays(self) -> When:
        """What it takes to stay: the entry, with the lines below which a lead falls."""
        if self.when is None:
            return When()
        lines = dict(self.when.levels)
        for level, line in self.falls_below.items():
            entry = lines[level]
            lines[level] = Range(line, entry.high, high_included=entry.high_included)
        return self.when.model_copy(update={"levels": lines})


class Trigger(FieldQuestion):
    """Something that happened, or something a field holds."""

    key: Key
    title: str | None = None
    event: Names | None = None
    where: Where = Field(default_factory=dict)
    window: Days | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Trigger:
        if (self.field is None) == (self.event is None):
            raise PydanticCustomError("field_or_event", "a field or an event, one of them")
        if self.questions() != (self.field is not None):
            raise PydanticCustomError("one_question", "one question to the field")
        if self.field is not None and (self.where or self.window):
            raise PydanticCustomError("field_has_no_past", "where and window belong to events")
        return self


class FastTrack(Trigger):
    """Skips the queue: straight to a stage or to the hand-off, on a clock."""

    to: str = HANDOFF
    clock: str | None = None


class Disqualifier(Trigger):
    """Takes a lead out, whatever its score."""


class Override(Trigger):
    """Sets the arithmetic aside: forces a level, keeps a floor, sets a dimension, or freezes."""

    force: Levels | None = None
    floor: Levels | None = None
    set_: Annotated[dict[str, Points] | None, Field(alias="set")] = None
    freeze: bool | None = None
    until: Names | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> Override:
        effects = (self.force, self.floor, self.set_, self.freeze)
        if sum(bool(effect) for effect in effects) != 1:
            raise PydanticCustomError("one_effect", "force, floor, set or freeze, one of them")
        if (self.set_ or self.freeze) and (self.event is None or self.window):
            raise PydanticCustomError("needs_an_event", "set and freeze need an event")
        if self.until and not self.freeze:
            raise PydanticCustomError("until_thaws", "until ends a freeze")
        return self

    @property
    def forced(self) -> Mapping[str, Decimal]:
        """Levels that are forced."""
        return self.force or {}

    @property
    def floors(self) -> Mapping[str, Decimal]:
        """Levels that are kept from falling lower."""
        return self.floor or {}
