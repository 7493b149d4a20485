"""The tables a relation is written over: leads and events, unbound, with the columns needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement, FieldType
from passerelle.core.checks_content import tested_properties
from passerelle.core.conditions import InRange
from passerelle.core.duties import BANT_EVENT, LOST, RETURNED, WON
from passerelle.core.history import FIELD_CHANGED
from passerelle.core.rules import DAY, EVENT, PERSON, VISIT, CountingRule, DistinctRule

PropertyType = Literal["text", "number"]

_TYPES: dict[FieldType, str] = {
    "text": "string",
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
}

EVENT_COLUMNS = {
    "id": "string",
    "lead": "string",
    "event": "string",
    "occurred_at": "timestamp(6)",
    "received_at": "timestamp(6)",
}
"""What every events table has; times are UTC without a zone, to the microsecond."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Leads, one row each with their fields; events, one row a message with their properties.

    `special`, where it is kept, holds the few events with a meaning of their own once more, with
    what only they are read for, so that the other millions need not carry it.
    """

    leads: ir.Table
    events: ir.Table
    special: ir.Table | None = None

    @property
    def special_events(self) -> ir.Table:
        """Where `SPECIAL_EVENTS` are read."""
        return self.events if self.special is None else self.special

    def only(self, leads: ir.Table) -> Inputs:
        """The inputs of the leads in a table."""
        return Inputs(
            leads=self.leads.semi_join(leads, "lead"),
            events=self.events.semi_join(leads, "lead"),
            special=self.special,
        )


def input_tables(agreement: Agreement) -> Inputs:
    """Unbound tables `leads` and `events` with just the columns the agreement reads."""
    fields = {name: _TYPES[f.type] for name, f in agreement.known_fields.items()}
    properties = {name: _TYPES[kind] for name, kind in property_types(agreement).items()}
    return Inputs(
        leads=ibis.table({"lead": "string", **fields}, name="leads"),
        events=ibis.table({**EVENT_COLUMNS, **properties}, name="events"),
    )


def field_types(agreement: Agreement) -> dict[str, FieldType]:
    """The type of each field the agreement may read."""
    return {name: declared.type for name, declared in agreement.known_fields.items()}


def property_types(agreement: Agreement) -> dict[str, PropertyType]:
    """The type of each event property that the agreement reads."""
    said: dict[str, PropertyType] = dict.fromkeys(special_properties(agreement), "text")
    return said | asked_properties(agreement)


def asked_properties(agreement: Agreement) -> dict[str, PropertyType]:
    """The type of each event property that a rule, content, stage or trigger asks about."""
    types: dict[str, PropertyType] = {}
    for name, test, _ in tested_properties(agreement):
        if isinstance(test, InRange):
            types[name] = "number"
        else:
            types.setdefault(name, "text")
    for rule in agreement.rules:
        if isinstance(rule, CountingRule) and rule.first_only not in (None, PERSON):
            types.setdefault(str(rule.first_only), "text")
        if isinstance(rule, DistinctRule) and rule.distinct.of not in (VISIT, DAY, EVENT):
            types.setdefault(rule.distinct.of, "text")
    return {name: kind for name, kind in types.items() if name not in EVENT_COLUMNS}


def special_properties(agreement: Agreement) -> tuple[str, ...]:
    """The properties of the events with a meaning of their own."""
    said: tuple[str, ...] = ("field", "value")
    if agreement.qualification is not None:
        said += ("criterion", "met")
    if agreement.recycle is not None:
        said += ("reason",)
    return said


SPECIAL_EVENTS = (FIELD_CHANGED, BANT_EVENT, RETURNED, LOST, WON)
"""Events with a meaning of their own."""
