"""Stretches of a lead's life: from one change to the next, with all that holds in between."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import ANY
from passerelle.core.rules import FieldRule
from passerelle.relations.calendar import day_number, midnight
from passerelle.relations.fields import tested_fields
from passerelle.relations.levels import place_of, worths
from passerelle.relations.log import log
from passerelle.relations.measures import Columns
from passerelle.relations.moments import Moment, instant
from passerelle.relations.qualification import qualified
from passerelle.relations.replay_deltas import united
from passerelle.relations.replay_fading import fading_sums
from passerelle.relations.replay_marks import assessments, mark_ends, marks, remembered_marks
from passerelle.relations.replay_steady import (
    at_midnight,
    at_rest,
    matched_at_rest,
    places,
    steady_changes,
    unscored,
)
from passerelle.relations.standing import hysteretic
from passerelle.relations.tables import Inputs


def stretches(agreement: Agreement, inputs: Inputs, moment: Moment, *, since: datetime) -> ir.Table:
    """Rows `(lead, begins_at, day, ends_at, ends_day, …)` in which only daily fading goes on.

    They hold `held_in__PLACE` of the steady rules, the sums of the fading ones, the marks, the
    tested fields, and `first_at`, the lead's first event, where stages have a memory.
    """
    sums = fading_sums(agreement, inputs, moment, base=day_number(agreement.day(since)))
    marked = marks(agreement, inputs, moment)
    rows = _changes(agreement, inputs, moment, since, sums, marked)
    order = ibis.window(group_by=rows.lead, order_by=rows["at"])
    so_far = ibis.window(group_by=rows.lead, order_by=rows["at"], rows=(None, 0))
    carried: Columns = {
        name: rows[name].sum().over(so_far)
        for name in rows.columns
        if name.startswith(("points__", "matched__"))
    }
    carried |= {
        name: rows[name].max().over(so_far)
        for name in ("faded_at", "marked_at")
        if name in rows.columns
    }
    rows = rows.select(
        "lead",
        "day",
        begins_at=rows["at"],
        ends_at=rows["at"].lead().over(order),
        ends_day=rows.day.lead().over(order),
        **carried,
    )
    if not hysteretic(agreement):
        rows = rows.filter(rows.begins_at >= instant(since))
    rows = _with_leads(agreement, inputs, moment, rows)
    if sums is not None:
        rows = _with(rows, sums.drop("faded_day"), "faded_at")
    if marked is not None:
        rows = _with(rows, remembered_marks(marked), "marked_at")
    rows = rows.mutate(today=rows.day, **never_given_back())
    if agreement.qualification is not None:
        rows = rows.mutate(**assessments(rows))
        rows = rows.mutate(**qualified(agreement, rows))
    return rows.drop("today")


def never_given_back() -> Columns:
    """The columns of a return, of leads that never came back."""
    return {
        "back_at": ibis.null("timestamp(6)"),
        "back_day": ibis.null("int64"),
        "back_reason": ibis.null("string"),
        "new_points": ibis.null("float64"),
    }


def looks_in(agreement: Agreement, moment: Moment, rows: ir.Table) -> ir.Table:
    """Each stretch at its beginning, and at every midnight in it while anything fades."""
    if "alive" not in rows.columns:
        return rows.mutate(as_of=rows.begins_at, today=rows.day)
    night = midnight(rows.ends_day, agreement.zone, until=moment.until).cast("timestamp(6)")
    last = ibis.cases(
        (rows.alive.fill_null(0) <= 0, rows.day),
        (rows.ends_at.isnull(), ibis.literal(moment.today, "int64")),
        (night < rows.ends_at, rows.ends_day),
        else_=rows.ends_day - 1,
    )
    rows = rows.mutate(today=ibis.range(rows.day, ibis.greatest(last, rows.day) + 1).unnest())
    night = midnight(rows.today, agreement.zone, until=moment.until).cast("timestamp(6)")
    return rows.mutate(as_of=ibis.cases((rows.today == rows.day, rows.begins_at), else_=night))


def _changes(
    agreement: Agreement,
    inputs: Inputs,
    moment: Moment,
    since: datetime,
    sums: ir.Table | None,
    marked: ir.Table | None,
) -> ir.Table:
    """Rows `(lead, at, day, …)`, once an instant: what changes then, and what is read from then."""
    parts = [
        inputs.leads.select(
            "lead", at=instant(since), day=ibis.literal(day_number(agreement.day(since)), "int64")
        )
    ]
    columns: dict[str, str] = {f"points__{place}": "float64" for place in places(agreement)}
    steady = steady_changes(agreement, inputs, moment)
    if steady is None:
        columns = {}
    else:
        columns |= {f"matched__{key}": "float64" for key in unscored(agreement)}
        parts.append(steady)
    if sums is not None:
        columns["faded_at"] = "timestamp(6)"
        parts.append(sums.select("lead", "faded_at", at=sums.faded_at, day=sums.faded_day))
    if marked is not None:
        columns["marked_at"] = "timestamp(6)"
        parts.append(marked.select("lead", "at", "day", marked_at=marked["at"]))
        parts += [
            ends.filter(ends.day <= moment.today).mutate(at=ibis.null("timestamp(6)"))
            for ends in mark_ends(agreement, marked)
        ]
    if hysteretic(agreement):
        parts.append(_first(agreement, inputs, moment))
    rows = united([_widened(part, columns) for part in parts])
    rows = rows.mutate(at=at_midnight(agreement, moment, rows))
    added = {
        name: rows[name].max() if name.endswith("_at") else rows[name].sum() for name in columns
    }
    return rows.group_by("lead", "at").aggregate(day=rows.day.max(), **added)


def _widened(rows: ir.Table, columns: dict[str, str]) -> ir.Table:
    given = {
        name: rows[name] if name in rows.columns else ibis.null(kind)
        for name, kind in columns.items()
    }
    return rows.select("lead", at=rows["at"], day=rows.day, **given)


def _first(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    rows = log(agreement, inputs.events, moment, (ANY,))
    return rows.group_by("lead").aggregate(at=rows.occurred_at.min(), day=rows.day.min())


def _with_leads(agreement: Agreement, inputs: Inputs, moment: Moment, rows: ir.Table) -> ir.Table:
    """The stretches of known leads with fields, and with what fields give added to each place."""
    fields = tested_fields(agreement)
    leads = inputs.leads.select("lead", *fields)
    rules = [rule for rule in agreement.rules if isinstance(rule, FieldRule)]
    leads = leads.mutate(**worths(agreement, rules, leads))
    if hysteretic(agreement):
        first = _first(agreement, inputs, moment)
        leads = leads.left_join(first.select("lead", first_at=first["at"]), "lead").drop(
            "lead_right"
        )
    both = rows.join(leads, "lead")
    columns: Columns = {}
    for place in sorted({*places(agreement), *(place_of(agreement, rule) for rule in rules)}):
        points = ibis.literal(at_rest(agreement, place), "float64")
        if f"points__{place}" in rows.columns:
            points = points + both[f"points__{place}"].fill_null(0.0)
        for rule in rules:
            if place_of(agreement, rule) == place:
                points = points + both[f"held__{rule.key}"]
        columns[f"held_in__{place}"] = points
    for key in unscored(agreement):
        matched = ibis.literal(matched_at_rest(agreement, key) > 0)
        if f"matched__{key}" in rows.columns:
            count = both[f"matched__{key}"].fill_null(0.0) + matched_at_rest(agreement, key)
            matched = count > 0
        for rule in rules:
            if agreement.dimension_of(rule) == key:
                matched = matched | both[f"matched__{rule.key}"]
        columns[f"matched_in__{key}"] = matched
    begun = ["lead", "begins_at", "day", "ends_at", "ends_day"]
    kept = [name for name in ("faded_at", "marked_at") if name in rows.columns]
    if hysteretic(agreement):
        kept.append("first_at")
    return both.select(*begun, *kept, *fields, **columns)


def _with(rows: ir.Table, others: ir.Table, at: str) -> ir.Table:
    both = rows.left_join(others, ["lead", at])
    names = [*rows.columns, *(name for name in others.columns if name not in ("lead", at))]
    return both.select(*(name for name in names if name != at))
