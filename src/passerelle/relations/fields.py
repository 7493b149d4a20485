"""The fields of leads as they stood at each look: the last change by then, or the first known."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.checks_content import triggers_of
from passerelle.core.conditions import DATE, NUMBER
from passerelle.core.history import FIELD_CHANGED
from passerelle.core.rules import FieldRule
from passerelle.relations.moments import LEAD, Moment
from passerelle.relations.tables import Inputs


def looks(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """One row a look: the keys, `today`, and every field that is tested, as it stood.

    Without instants of their own, every lead is looked at once, whether it has events or not.
    """
    names = tested_fields(agreement)
    if moment.asks is None:
        rows = inputs.leads.select(
            "lead", *sorted(names), today=ibis.literal(moment.today, "int64")
        )
    else:
        rows = moment.asks.join(inputs.leads.select("lead", *sorted(names)), LEAD)
    if not names:
        return rows
    changes = _changes(inputs, moment, names)
    both = rows.left_join(changes, list(moment.keys), rname="{name}_changed")
    standing = {}
    for name in names:
        declared = agreement.known_fields[name].type
        known = both[name].nullif("") if declared == "text" else both[name]
        changed = _as_declared(both[f"changed__{name}"], declared)
        standing[name] = ibis.cases((both[f"is_changed__{name}"], changed), else_=known)
    kept = [name for name in rows.columns if name not in names]
    return both.select(*kept, **standing)


def tested_fields(agreement: Agreement) -> list[str]:
    """The fields that some rule, stage or trigger asks about."""
    asked = {rule.field for rule in agreement.rules if isinstance(rule, FieldRule)}
    for triggers in triggers_of(agreement).values():
        asked |= {trigger.field for trigger in triggers if trigger.field is not None}
    for stage in agreement.stages.values():
        asked |= set(stage.when.fields if stage.when else ())
    return sorted(asked)


def _changes(inputs: Inputs, moment: Moment, names: list[str]) -> ir.Table:
    """By look, the last value of each changed field, as text."""
    events = inputs.special_events
    rows = moment.known(events, events.event == FIELD_CHANGED, events.field.isin(names))
    rows = moment.look(rows.select("lead", "id", "occurred_at", "field", "value"))
    place = ibis.row_number().over(
        group_by=[*(rows[key] for key in moment.keys), rows.field],
        order_by=[rows.occurred_at.desc(), rows.id.desc()],
    )
    rows = rows.select(*moment.keys, "field", "value", place=place)
    rows = rows.filter(rows.place == 0)
    columns: dict[str, ir.Value] = {}
    for name in names:
        here = rows.field == name
        columns[f"changed__{name}"] = ibis.cases((here, rows.value)).max()
        columns[f"is_changed__{name}"] = here.any()
    return rows.group_by(*moment.keys).aggregate(**columns)


def _as_declared(value: ir.StringValue, declared: str) -> ir.Value:
    text = value.nullif("")
    match declared:
        case "number":
            is_number = text.re_search(f"^ *{NUMBER.pattern} *$")
            return ibis.cases((is_number, text.strip())).cast("float64")
        case "boolean":
            return ibis.cases((text.lower() == "true", True), (text.lower() == "false", False))
        case "date":
            is_date = text.re_search(f"^{DATE.pattern}$")
            return ibis.cases((is_date, text)).try_cast("date")
    return text
