"""Measures of the log: what one pass over the events of a lead adds up or remembers.

Whatever needs no order between events is a measure: points of plain rules, the day of the last
event, when a trigger was last pulled. All of them are taken in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import Where
from passerelle.core.rules import CountingRule, EventRule, InactivityRule, RuleBase
from passerelle.core.stages import Trigger
from passerelle.relations.fading import left_of
from passerelle.relations.grants import is_sequential, occurs
from passerelle.relations.log import chosen, log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs

Columns = dict[str, ir.Value]


@dataclass(frozen=True, slots=True)
class Measure:
    """Columns to aggregate over the events of those names, from those properties."""

    events: Sequence[str]
    properties: Iterable[str]
    columns: Callable[[ir.Table], Columns]


def measured(
    agreement: Agreement, inputs: Inputs, moment: Moment, measures: Sequence[Measure]
) -> ir.Table | None:
    """By look, all columns of the measures, from one pass over the log; None without measures."""
    if not measures:
        return None
    names = {name for measure in measures for name in measure.events}
    properties = {name for measure in measures for name in measure.properties}
    rows = moment.look(log(agreement, inputs.events, moment, names, properties))
    columns: Columns = {}
    for measure in measures:
        columns |= measure.columns(rows)
    return rows.group_by(*moment.keys).aggregate(**columns)


def rule_measures(agreement: Agreement) -> list[Measure]:
    """The measures of rules whose events stand each for itself, and of silence."""
    found: list[Measure] = []
    for rule in agreement.rules:
        if isinstance(rule, EventRule) and not is_sequential(rule):
            found.append(_plain(agreement, rule))
        if isinstance(rule, InactivityRule):
            found.append(_silence(agreement, rule))
    return found


def trigger_measures(agreement: Agreement, triggers: Iterable[Trigger]) -> list[Measure]:
    """For each trigger by events, `pulled__KEY` and `pulled__KEY_day`: when it was last pulled."""
    return [
        last_time(agreement, f"pulled__{trigger.key}", trigger.event, trigger.where)
        for trigger in triggers
        if trigger.event is not None
    ]


def last_time(
    agreement: Agreement, name: str, events: Sequence[str], where: Where | None = None
) -> Measure:
    """The column `name`: when such an event last happened; and `NAME_day`: on which local day."""
    tests = where or {}

    def columns(rows: ir.Table) -> Columns:
        here = chosen(agreement, events, tests, rows)
        return {
            name: ibis.cases((here, rows.occurred_at)).max(),
            f"{name}_day": ibis.cases((here, rows.day)).max(),
        }

    return Measure(events, tests, columns)


def granted_columns(
    agreement: Agreement, rule: CountingRule, here: ir.BooleanValue, rows: ir.Table
) -> Columns:
    """`raw_granted__r` and `raw_left__r` of a rule, or `count__r`, over the rows of a look.

    `here` says which rows are grants of the rule; what each granted is in its `points`, and how
    many it stands for in its `times`, when it has such columns.
    """
    here = here & remembered(agreement, rule, rows)
    in_window = here if rule.window is None else here & (rows.age < rule.window)
    if rule.counts is not None:
        times = rows.times if "times" in rows.columns else 1
        return {f"count__{rule.key}": ibis.cases((in_window, times), else_=0).sum()}
    each = ibis.literal(float(rule.points or 0))
    points = rows.points if "points" in rows.columns else each
    if "points" in rows.columns:
        granted = ibis.cases((here, points)).sum()
    else:
        granted = ibis.cases((here, 1)).count().nullif(0) * each
    columns = {f"raw_granted__{rule.key}": granted}
    if rule.window is not None or rule.decay is not None:
        left = left_of(points, rule.decay, rows.age)
        columns[f"raw_left__{rule.key}"] = ibis.cases((in_window, left)).sum()
    return columns


def remembered(agreement: Agreement, rule: RuleBase, rows: ir.Table) -> ir.BooleanValue:
    """Whether a row is later than the instant at which the rule's dimension was set."""
    since = f"since__{agreement.dimension_of(rule)}"
    if since not in rows.columns:
        return ibis.literal(True)
    return rows[since].isnull() | (rows.occurred_at > rows[since])


def _plain(agreement: Agreement, rule: EventRule) -> Measure:
    return Measure(
        rule.event,
        rule.where,
        lambda rows: granted_columns(agreement, rule, occurs(agreement, rule, rows), rows),
    )


def _silence(agreement: Agreement, rule: InactivityRule) -> Measure:
    names = rule.inactive.events
    return Measure(
        names,
        (),
        lambda rows: {
            f"day__{rule.key}": ibis.cases((chosen(agreement, names, {}, rows), rows.day)).max()
        },
    )
