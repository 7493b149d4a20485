"""The fields of leads as they stood at each look: the last change by then, or the first known."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import NUMBER
from passerelle.core.history import FIELD_CHANGED
from passerelle.relations.moments import LEAD, Moment
from passerelle.relations.tables import Inputs


def looks(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """One row a look: the keys, `today`, and every known field as it stood.

    Without instants of their own, every lead is looked at once, whether it has events or not.
    """
    if moment.asks is None:
        rows = inputs.leads.mutate(today=ibis.literal(moment.today, "int64"))
    else:
        rows = moment.asks.join(inputs.leads, LEAD)
    changes = _changes(agreement, inputs, moment)
    rows = rows.left_join(changes, list(moment.keys)).drop(
        *(f"{key}_right" for key in moment.keys)
    )
    standing = {}
    for name, declared in agreement.known_fields.items():
        changed = _as_declared(rows[f"changed__{name}"], declared.type)
        known = rows[name]
        if declared.type == "text":
            known = known.nullif("")
        standing[name] = ibis.cases((rows[f"is_changed__{name}"], changed), else_=known)
    rows = rows.mutate(**standing)
    return rows.drop(*(c for c in rows.columns if c.startswith(("changed__", "is_changed__"))))


def _changes(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """By look, the last value of each changed field, as text."""
    events = moment.known(inputs.events)
    rows = events.filter(events.event == FIELD_CHANGED)
    rows = moment.look(rows.select("lead", "id", "occurred_at", "field", "value"))
    place = ibis.row_number().over(
        group_by=[*(rows[key] for key in moment.keys), rows.field],
        order_by=[rows.occurred_at.desc(), rows.id.desc()],
    )
    rows = rows.mutate(place=place)
    rows = rows.filter(rows.place == 0)
    columns: dict[str, ir.Value] = {}
    for name in agreement.known_fields:
        here = rows.field == name
        columns[f"changed__{name}"] = ibis.cases((here, rows.value)).max()
        columns[f"is_changed__{name}"] = here.any()
    return rows.group_by(*moment.keys).aggregate(**columns)


def _as_declared(value: ir.StringValue, declared: str) -> ir.Value:
    text = value.nullif("")
    match declared:
        case "number":
            stripped = text.strip()
            is_number = stripped.re_search(f"^{NUMBER.pattern}$")
            return ibis.cases((is_number, stripped)).cast("float64")
        case "boolean":
            return ibis.cases((text.lower() == "true", True), (text.lower() == "false", False))
        case "date":
            return text.try_cast("date")
    return text
