"""What standing remembers besides points: when triggers were pulled, what was last assessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.duties import BANT_EVENT, CRITERIA
from passerelle.core.stages import Override, Trigger
from passerelle.relations.cool_down import microseconds
from passerelle.relations.log import log
from passerelle.relations.measures import Columns, Measure, trigger_measures
from passerelle.relations.moments import Moment
from passerelle.relations.replay_deltas import united
from passerelle.relations.standing import standing_measures
from passerelle.relations.tables import Inputs


def marks(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table | None:
    """Rows `(lead, at, day, …)`: what happened at an instant, null where it did not happen then."""
    parts = []
    measures = [*trigger_measures(agreement, _overrides(agreement)), *standing_measures(agreement)]
    if measures:
        parts.append(_measured(agreement, inputs, moment, measures))
    if agreement.qualification is not None:
        parts.append(_assessed(agreement, inputs, moment))
    if not parts:
        return None
    columns = {name: kind for part in parts for name, kind in part.schema().items()}
    rows = united([_widened(part, columns) for part in parts])
    kept = {name: rows[name].max() for name in columns if name not in ("lead", "at")}
    return rows.group_by("lead", "at").aggregate(**kept)


def remembered_marks(rows: ir.Table) -> ir.Table:
    """Rows `(lead, marked_at, …)`: what had last happened, from an instant on.

    All marks are instants and days, which only grow: the last is the greatest.
    """
    so_far = ibis.window(group_by=rows.lead, order_by=rows["at"], rows=(None, 0))
    columns = {
        name: rows[name].max().over(so_far)
        for name in rows.columns
        if name not in ("lead", "at", "day")
    }
    return rows.select("lead", marked_at=rows["at"], **columns)


def mark_ends(agreement: Agreement, rows: ir.Table) -> list[ir.Table]:
    """Rows `(lead, day)`: the midnights at which marks are too old to count."""
    triggers: Sequence[Trigger] = (
        *agreement.fast_tracks,
        *agreement.disqualify,
        *_overrides(agreement),
    )
    windows = {
        f"pulled__{trigger.key}_day": trigger.window
        for trigger in triggers
        if trigger.event is not None and trigger.window is not None
    }
    qualification = agreement.qualification
    if qualification is not None and qualification.bant.evidence_expires is not None:
        days = qualification.bant.evidence_expires
        windows |= {f"assessed__{criterion}": days for criterion in CRITERIA}
    ends = []
    for name, window in windows.items():
        here = rows.filter(rows[name].notnull())
        ends.append(here.select("lead", day=here[name] + window))
    return ends


def assessments(rows: ir.Table) -> Columns:
    """`met__CRITERION` as the qualification asks for it, from what was last assessed."""
    return {
        f"met__{criterion}": ibis.cases(
            (rows[f"outcome__{criterion}"] % 2 == 1, "true"), else_="false"
        )
        for criterion in CRITERIA
    }


def _overrides(agreement: Agreement) -> list[Override]:
    return [o for o in agreement.overrides if o.event and (o.force or o.floor)]


def _measured(
    agreement: Agreement, inputs: Inputs, moment: Moment, measures: Sequence[Measure]
) -> ir.Table:
    names = {name for measure in measures for name in measure.events}
    properties = {name for measure in measures for name in measure.properties}
    rows = log(agreement, inputs.events, moment, names, properties).rename(at="occurred_at")
    rows = rows.mutate(occurred_at=rows["at"])
    columns: Columns = {}
    for measure in measures:
        columns |= measure.columns(rows)
    found = rows.group_by("lead", "at").aggregate(day=rows.day.max(), **columns)
    return found.filter(ibis.or_(*(found[name].notnull() for name in columns)))


def _assessed(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """`assessed__CRITERION`, a day, and `outcome__CRITERION`, later ones greater, odd when met."""
    rows = log(agreement, inputs.special_events, moment, (BANT_EVENT,), ("criterion", "met", "id"))
    rows = rows.mutate(met=rows.met.lower())
    rows = rows.filter(rows.criterion.isin(CRITERIA), rows.met.isin(["true", "false"]))
    place = ibis.row_number().over(
        group_by=[rows.lead, rows.criterion, rows.occurred_at], order_by=rows.id.desc()
    )
    rows = rows.mutate(place=place)
    rows = rows.filter(rows.place == 0)
    met = ibis.cases((rows.met == "true", 1), else_=0)
    rows = rows.mutate(outcome=microseconds(rows.occurred_at) * 2 + met)
    columns: Columns = {}
    for criterion in CRITERIA:
        here = rows.criterion == criterion
        columns[f"assessed__{criterion}"] = ibis.cases((here, rows.day)).max()
        columns[f"outcome__{criterion}"] = ibis.cases((here, rows.outcome)).max()
    rows = rows.mutate(at=rows.occurred_at)
    return rows.group_by("lead", "at").aggregate(day=rows.day.max(), **columns)


def _widened(rows: ir.Table, columns: Mapping[str, dt.DataType]) -> ir.Table:
    return rows.select(
        **{
            name: rows[name] if name in rows.columns else ibis.null(kind)
            for name, kind in columns.items()
        }
    )
