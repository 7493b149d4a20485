"""What the teams owe each other: qualification, hand-off, clocks, recycling, signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from passerelle.core.parts import Key, Part, Points
from passerelle.core.ranges import NumberRange
from passerelle.core.spans import Days, Span

CRITERIA = ("budget", "authority", "need", "timing")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

BANT_EVENT = "bant_assessed"
RETURNED = "returned"
LOST = "deal_lost"
WON = "deal_won"


class Bant(Part):
    """Points for each criterion that stands assessed and met."""

    budget: Points = Decimal(25)
    authority: Points = Decimal(25)
    need: Points = Decimal(25)
    timing: Points = Decimal(25)
    evidence_expires: Days | None = None

    def points(self, criterion: str) -> Decimal:
        """The points of one criterion."""
        points: Decimal = getattr(self, criterion)
        return points


class SalesQualified(Part):
    """What must have happened, and the BANT score, for a sales qualified lead."""

    requires: tuple[str, ...] = ()
    bant: NumberRange | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked; where nothing is, nobody is qualified."""
        return bool(self.requires) or self.bant is not None


class Qualification(Part):
    """From marketing qualified to sales qualified."""

    bant: Bant = Bant()
    sales_qualified: Annotated[SalesQualified, Field(alias="sql")] = SalesQualified()


class Dossier(Part):
    """What sales needs to know."""

    required: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class OpenHours(Part):
    """One stretch of an open day, in minutes after midnight."""

    opens: int
    closes: int


def parse_hours(value: Any) -> OpenHours:
    """The stretch written `09:00-12:30`.

    Raises:
        PydanticCustomError: `not_hours` when it is no stretch of one day.
    """
    if isinstance(value, OpenHours):
        return value
    match = _HOURS.fullmatch(str(value).replace(" ", ""))
    hours = [int(part) for part in match.groups()] if match else [0, 0, 0, 0]
    opens, closes = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if not opens < closes <= 24 * 60:
        raise PydanticCustomError("not_hours", "'{found}' is no opening time", {"found": value})
    return OpenHours(opens=opens, closes=closes)


def parse_weekdays(text: str) -> tuple[str, ...]:
    """The weekdays written `mon-fri`, `sat` or `mon,wed`.

    Raises:
        PydanticCustomError: `not_weekdays` when it names no weekdays.
    """
    found: list[str] = []
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise PydanticCustomError("not_weekdays", "'{found}'", {"found": text})
        found += WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]
    if not found:
        raise PydanticCustomError("not_weekdays", "'{found}'", {"found": text})
    return tuple(found)


def _by_weekday(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    week: dict[str, Any] = {}
    for days, hours in value.items():
        for day in parse_weekdays(str(days)):
            week[day] = hours
    return week


class Calendar(Part):
    """When the teams are at work."""

    weekly: Annotated[
        dict[str, tuple[Annotated[OpenHours, BeforeValidator(parse_hours)], ...]],
        BeforeValidator(_by_weekday),
    ]
    holidays: str | None = None


class Clock(Part):
    """How long sales may take, in open hours."""

    accept: Span
    contact: Span


class Handoff(Part):
    """What is handed over, to whom, and how fast it is taken up."""

    dossier: Dossier = Dossier()
    routing: tuple[dict[str, Any], ...] = ()
    calendar: Calendar | None = None
    clocks: dict[Key, Clock] = Field(default_factory=dict)
    return_reasons: tuple[Key, ...] = ()


class Rearm(Part):
    """What it takes to come up again."""

    new_points: Annotated[Decimal, Field(ge=0)] = Decimal(0)


class Recycling(Part):
    """When a lead that was given back may come up again."""

    after: dict[Key, Days] = Field(default_factory=dict)
    rearm: Rearm = Rearm()


class Signature(Part):
    """Who signed this version, for which team, on which day."""

    team: Literal["marketing", "sales"]
    name: str
    on: date
