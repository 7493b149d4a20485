"""Leads given back or lost, in columns: since when, why, and whether they are up again."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.duties import LOST, RETURNED, WON
from passerelle.core.ranges import Range
from passerelle.core.rules import CountingRule
from passerelle.relations.conditions import level_in_range
from passerelle.relations.grants import grants
from passerelle.relations.log import log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs


def returns(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """By look, `back_at`, `back_day`, `back_reason` and `new_points`; won sales are not back."""
    events = inputs.special_events
    needed = {"reason", "id"} & set(events.columns)
    rows = moment.look(log(agreement, events, moment, (RETURNED, LOST, WON), needed))
    reason = rows.reason.nullif("") if "reason" in rows.columns else ibis.null("string")
    rows = rows.mutate(
        back_reason=ibis.cases((rows.event == LOST, "lost"), else_=reason.fill_null("unknown"))
    )
    won = rows.filter(rows.event == WON)
    won = won.group_by(*moment.keys).aggregate(won_at=won.occurred_at.max())
    backs = rows.filter(rows.event != WON)
    place = ibis.row_number().over(
        group_by=[backs[key] for key in moment.keys],
        order_by=[backs.occurred_at.desc(), backs.id.desc()],
    )
    backs = backs.mutate(place=place)
    last = backs.filter(backs.place == 0).select(
        *moment.keys, "back_reason", back_at=backs.occurred_at, back_day=backs.day
    )
    both = last.left_join(won, list(moment.keys))
    both = both.drop(*(f"{key}_right" for key in moment.keys))
    both = both.filter(both.won_at.isnull() | (both.back_at > both.won_at)).drop("won_at")
    return _with_new_points(agreement, inputs, moment, both)


def is_rearmed(agreement: Agreement, rows: ir.Table) -> ir.BooleanValue:
    """Whether a lead that was given back may come up again."""
    recycle = agreement.recycle
    if recycle is None:
        return ibis.literal(True)
    rests = [(rows.back_reason == reason, days) for reason, days in recycle.after.items()]
    rest = ibis.cases(*rests, else_=0) if rests else ibis.literal(0)
    rested = rows.today - rows.back_day >= rest
    if not recycle.rearm.new_points:
        return rested
    enough = Range(low=recycle.rearm.new_points)
    return rested & level_in_range(enough, rows.new_points.fill_null(0.0))


def _with_new_points(
    agreement: Agreement, inputs: Inputs, moment: Moment, backs: ir.Table
) -> ir.Table:
    """The good points granted for what happened after the lead was given back."""
    good = [r for r in agreement.rules if isinstance(r, CountingRule) and (r.points or 0) > 0]
    if not good or agreement.recycle is None or not agreement.recycle.rearm.new_points:
        return backs.mutate(new_points=ibis.null("float64"))
    rows = grants(agreement, inputs.only(backs), moment, good)
    assert rows is not None
    rows = moment.look(rows).join(backs, list(moment.keys))
    rows = rows.filter(rows.occurred_at > rows.back_at)
    points = rows.group_by(*moment.keys).aggregate(new_points=rows.points.sum())
    both = backs.left_join(points, list(moment.keys))
    return both.drop(*(f"{key}_right" for key in moment.keys))
