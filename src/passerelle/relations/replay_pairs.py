"""A replay that looks at every event and every midnight with all that was before.

Between two midnights only events move a score, so this misses nothing whatever the agreement says;
it costs a pass over the past of a lead for each of its instants.
"""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import ANY
from passerelle.relations.calendar import day_number
from passerelle.relations.instants import asks_at, instants
from passerelle.relations.log import log
from passerelle.relations.moments import Moment, instant
from passerelle.relations.standing import decided, hysteretic, standing_evidence
from passerelle.relations.tables import Inputs


def looks_by_pairs(
    agreement: Agreement, inputs: Inputs, moment: Moment, *, since: datetime
) -> ir.Table:
    """Levels and standing at `since` and at each instant before and after, up to the moment."""
    looked_at = ibis.union(
        instants(agreement, inputs, moment),
        inputs.leads.select(
            "lead",
            as_of=instant(since),
            today=ibis.literal(day_number(agreement.day(since)), "int64"),
        ),
        distinct=True,
    )
    asked = asks_at(agreement, moment, looked_at)
    rows = standing_evidence(agreement, inputs, asked)
    if hysteretic(agreement):
        events = log(agreement, inputs.events, moment, (ANY,))
        first = events.group_by("lead").aggregate(first_at=events.occurred_at.min())
        rows = with_memory(agreement, rows.left_join(first, "lead").drop("lead_right"))
    return decided(agreement, rows, asked)


def with_memory(agreement: Agreement, rows: ir.Table) -> ir.Table:
    """When each stage with a lower line was last entered and fallen out of, up to each look.

    Memory begins with the first event of a lead, at `first_at`.
    """
    so_far = ibis.window(group_by=rows.lead, order_by=rows.as_of, rows=(None, 0))
    begun = rows.as_of >= rows.first_at
    columns: dict[str, ir.Value] = {}
    for key in hysteretic(agreement):
        entered = ibis.cases((begun & rows[f"enters__{key}"], rows.as_of))
        fell = ibis.cases((begun & ~rows[f"stays__{key}"], rows.as_of))
        columns[f"entered__{key}"] = entered.max().over(so_far)
        columns[f"fell__{key}"] = fell.max().over(so_far)
    return rows.mutate(**columns)
