"""BANT in columns: the last assessment of each criterion, its points, what is still missing."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.duties import BANT_EVENT, CRITERIA
from passerelle.relations.conditions import level_in_range
from passerelle.relations.log import log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs


def bant_evidence(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """By look, `met__CRITERION` (as last assessed) and `assessed__CRITERION` (the local day)."""
    rows = log(agreement, inputs.special_events, moment, (BANT_EVENT,), ("criterion", "met", "id"))
    met = rows.met.lower()
    rows = rows.filter(rows.criterion.isin(CRITERIA), met.isin(["true", "false"]))
    rows = moment.look(rows)
    place = ibis.row_number().over(
        group_by=[*(rows[key] for key in moment.keys), rows.criterion],
        order_by=[rows.occurred_at.desc(), rows.id.desc()],
    )
    rows = rows.mutate(place=place)
    rows = rows.filter(rows.place == 0)
    columns: dict[str, ir.Value] = {}
    for criterion in CRITERIA:
        here = rows.criterion == criterion
        columns[f"met__{criterion}"] = ibis.cases((here, rows.met.lower())).max()
        columns[f"assessed__{criterion}"] = ibis.cases((here, rows.day)).max()
    return rows.group_by(*moment.keys).aggregate(**columns)


def qualified(agreement: Agreement, rows: ir.Table) -> dict[str, ir.Value]:
    """`bant_points` and `qualified`, on a table with the evidence and what was required."""
    qualification = agreement.qualification
    assert qualification is not None
    points: ir.Value = ibis.literal(0.0)
    expires = qualification.bant.evidence_expires
    for criterion in CRITERIA:
        met = rows[f"met__{criterion}"] == "true"
        if expires is not None:
            met &= rows.today - rows[f"assessed__{criterion}"] < expires
        worth = float(qualification.bant.points(criterion))
        points = points + ibis.cases((met.fill_null(False), worth), else_=0.0)
    tests = []
    for name in qualification.sales_qualified.requires:
        happened = rows[f"required__{name}"]
        later = rows.back_at.isnull() | (happened > rows.back_at)
        tests.append(happened.notnull() & later.fill_null(False))
    if qualification.sales_qualified.bant is not None:
        tests.append(level_in_range(qualification.sales_qualified.bant, points))
    return {
        "bant_points": points,
        "qualified": ibis.and_(*tests) if tests else ibis.literal(False),
    }
