"""What the columns of leads and events are, and the conventions their cells are read by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from passerelle.files.cells import Decimal, Order

FieldType = Literal["text", "number", "boolean", "date"]
PropertyType = Literal["text", "number"]
CellType = Literal["text", "number", "boolean", "date", "instant"]
Rows = Literal["leads", "events"]

SQL_TYPES: dict[CellType, str] = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
}
EVENT_TYPES: dict[str, CellType] = {
    "id": "text",
    "lead": "text",
    "event": "text",
    "occurred_at": "instant",
    "received_at": "instant",
}


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the cells of one load are read.

    Attributes:
        timezone: of times without an offset.
        timezone_given: whether the mapping file said so, which binds Parquet's naive times too.
        as_of: the instant of the scoring, naive UTC.
        latest: after a day past this instant no event can have happened yet, naive UTC.
        missing: more cells that mean nothing was filled in.
        dates, decimal: what the mapping file says; None leaves it to be found out.
        values: of a name, the cells that the mapping file renames.
    """

    timezone: str
    timezone_given: bool
    as_of: datetime
    latest: datetime
    missing: tuple[str, ...] = ()
    dates: Order | None = None
    decimal: Decimal | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
