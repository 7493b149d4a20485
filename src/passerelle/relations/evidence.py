"""What order between events decides: grants with limits, different things seen, bursts.

Each part is a table by the keys of the moment, with columns named for the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.rules import (
    DAY,
    EVENT,
    VISIT,
    CountingRule,
    Distinct,
    DistinctRule,
    VelocityRule,
)
from passerelle.relations.grants import daily_grants, grants, is_sequential
from passerelle.relations.log import chosen, log, told
from passerelle.relations.measures import Columns, granted_columns, remembered
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs
from passerelle.relations.visits import interval, visit_marks, visits_of


def sequential_evidence(agreement: Agreement, inputs: Inputs, moment: Moment) -> Iterator[ir.Table]:
    """The parts of the evidence that no single pass can take."""
    sequential = [r for r in agreement.rules if isinstance(r, CountingRule) and is_sequential(r)]
    # Seen from one instant, which occurrence of a day gave points makes no difference.
    of = grants if moment.asks is not None else daily_grants
    rows = of(agreement, inputs, moment, sequential)
    if rows is not None:
        rows = moment.look(rows)
        columns: Columns = {}
        for counting in sequential:
            here = rows.rule == counting.key
            columns |= granted_columns(agreement, counting, here, rows)
        yield rows.group_by(*moment.keys).aggregate(**columns)
    for rule in agreement.rules:
        if isinstance(rule, DistinctRule):
            yield _different(agreement, inputs, moment, rule)
        if isinstance(rule, VelocityRule):
            yield _bursts(agreement, inputs, moment, rule)


def _different(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: DistinctRule
) -> ir.Table:
    """`count__r`: how many different ones were seen in the window."""
    # Seen from one instant, what lies before the window need not be read.
    after = None if moment.asks is not None or rule.window is None else moment.today - rule.window
    rows = moment.look(sightings(agreement, inputs, moment, rule, after=after))
    rows = rows.filter(remembered(agreement, rule, rows))
    if rule.window is not None:
        rows = rows.filter(rows.age < rule.window)
    once = rows.select(*moment.keys, "different").distinct()
    return once.group_by(*moment.keys).aggregate(**{f"count__{rule.key}": once.count()})


def sightings(
    agreement: Agreement,
    inputs: Inputs,
    moment: Moment,
    rule: DistinctRule,
    *,
    after: int | None = None,
) -> ir.Table:
    """Rows `(lead, occurred_at, day, different)`: what was seen of what the rule counts.

    Only those later than the day `after` when it is given; `different` tells those apart.
    """
    asked = rule.distinct
    if asked.of == VISIT:
        marks = visit_marks(agreement, inputs.events, moment, after=after)
        rows = visits_of(marks, chosen(agreement, asked.events, asked.where, marks))
    else:
        needed = {*asked.where, asked.of} - {DAY, EVENT}
        rows = log(agreement, inputs.events, moment, asked.events, needed)
        rows = rows.filter(chosen(agreement, asked.events, asked.where, rows))
        if after is not None:
            rows = rows.filter(rows.day > after)
    rows = rows.select("lead", "occurred_at", "day", different=_identity(agreement, asked, rows))
    return rows.filter(rows.different.notnull())


def _identity(agreement: Agreement, asked: Distinct, rows: ir.Table) -> ir.Value:
    match asked.of:
        case "visit":
            return rows.visit
        case "day":
            return rows.day
        case "event":
            return rows.event
    return told(agreement, asked.of, rows).cast("string").nullif("")


def _bursts(agreement: Agreement, inputs: Inputs, moment: Moment, rule: VelocityRule) -> ir.Table:
    """`day__r`: the local day on which the latest burst was completed."""
    rows = moment.look(bursts(agreement, inputs, moment, rule))
    rows = rows.filter(remembered(agreement, rule, rows))
    return rows.group_by(*moment.keys).aggregate(**{f"day__{rule.key}": rows.day.max()})


def bursts(agreement: Agreement, inputs: Inputs, moment: Moment, rule: VelocityRule) -> ir.Table:
    """Rows `(lead, occurred_at, day)`: the events that completed a burst."""
    asked = rule.velocity
    rows = log(agreement, inputs.events, moment, asked.events, asked.where)
    rows = rows.filter(chosen(agreement, asked.events, asked.where, rows))
    first = rows.occurred_at.lag(asked.at_least - 1).over(
        group_by=rows.lead, order_by=rows.occurred_at
    )
    rows = rows.select("lead", "occurred_at", "day", first=first)
    rows = rows.filter(rows.occurred_at < rows.first + interval(asked.within))
    return rows.drop("first")
