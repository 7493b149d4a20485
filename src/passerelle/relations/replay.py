"""Exact replay: every instant at which a lead's score or stage changed, and to what.

Between two midnights only events move a score, and time acts at midnight alone; so looking at
every event and every midnight misses nothing.
"""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.stages import TOTAL
from passerelle.relations.calendar import day_number
from passerelle.relations.instants import asks_at, instants
from passerelle.relations.moments import instant, moment_at
from passerelle.relations.standing import decided, hysteretic, standing_evidence
from passerelle.relations.tables import Inputs

NOISE = 1e-9
"""Levels closer than this are the same."""


def replay(
    agreement: Agreement,
    inputs: Inputs,
    *,
    since: datetime,
    until: datetime,
    known_at: datetime | None = None,
) -> ir.Table:
    """Rows `(lead, as_of, level__…, grade, stage, fast_track, disqualified, recycled)`.

    The first row of a lead is how it stood at `since`; each later one is a change, up to `until`,
    both included.
    """
    moment = moment_at(agreement, as_of=until, known_at=known_at)
    looked_at = ibis.union(
        instants(agreement, inputs, moment),
        inputs.leads.select(
            "lead",
            as_of=instant(since),
            today=ibis.literal(day_number(agreement.day(since)), "int64"),
        ),
        distinct=True,
    )
    moment = asks_at(agreement, moment, looked_at)
    rows = standing_evidence(agreement, inputs, moment)
    rows = decided(agreement, _with_memory(agreement, rows), moment)
    return _changes(agreement, rows.filter(rows.as_of >= instant(since)))


def _with_memory(agreement: Agreement, rows: ir.Table) -> ir.Table:
    """When each stage with a lower line was last entered and fallen out of, up to each look."""
    if not (keys := hysteretic(agreement)):
        return rows
    so_far = ibis.window(group_by=rows.lead, order_by=rows.as_of, rows=(None, 0))
    columns: dict[str, ir.Value] = {}
    for key in keys:
        entered = ibis.cases((rows[f"enters__{key}"], rows.as_of))
        fell = ibis.cases((~rows[f"stays__{key}"], rows.as_of))
        columns[f"entered__{key}"] = entered.max().over(so_far)
        columns[f"fell__{key}"] = fell.max().over(so_far)
    return rows.mutate(**columns)


def _changes(agreement: Agreement, rows: ir.Table) -> ir.Table:
    levels = [f"level__{key}" for key in (*agreement.dimensions, TOTAL)]
    words = ["grade", "stage", "fast_track", "disqualified", "recycled"]
    order = ibis.window(group_by=rows.lead, order_by=rows.as_of)
    before = {f"{name}_before": rows[name].lag().over(order) for name in (*levels, *words)}
    rows = rows.select(
        "lead", "as_of", *levels, *words, first=ibis.row_number().over(order) == 0, **before
    )
    moved = [(rows[n] - rows[f"{n}_before"]).abs() > NOISE for n in levels]
    moved += [~rows[n].identical_to(rows[f"{n}_before"]) for n in words]
    rows = rows.filter(rows["first"] | ibis.or_(*moved))
    return rows.select("lead", "as_of", *levels, *words)
