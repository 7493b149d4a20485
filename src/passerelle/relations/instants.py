"""The instants at which something can change: events, and the local midnights after the first."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import ANY
from passerelle.relations.calendar import local_day, midnight, seconds
from passerelle.relations.log import log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs


def instants(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """Rows `(lead, as_of, today)`, each once, up to the last instant of the moment."""
    rows = log(agreement, inputs.events, moment, (ANY,))
    happened = rows.select("lead", as_of=rows.occurred_at, today=rows.day)
    first = rows.group_by("lead").aggregate(first=rows.day.min())
    nights = first.select("lead", today=ibis.range(first.first + 1, moment.today + 1).unnest())
    at = midnight(nights.today, agreement.zone, until=moment.until)
    nights = nights.select("lead", as_of=at.cast("timestamp(6)"), today=nights.today)
    return ibis.union(happened, nights, distinct=True)


def asks_at(agreement: Agreement, moment: Moment, looked_at: ir.Table) -> Moment:
    """The moment that looks at those instants, rows `(lead, as_of)` or `(lead, as_of, today)`."""
    if "today" not in looked_at.columns:
        day = local_day(seconds(looked_at.as_of), agreement.zone, until=moment.until)
        looked_at = looked_at.mutate(today=day)
    asks = looked_at.select("lead", "as_of", "today", seen_at=looked_at.as_of)
    return Moment(moment.until, moment.today, asks, moment.known_at)
