"""Triggers in columns: when an event last pulled them, and what fields hold."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.stages import Override, Trigger
from passerelle.relations.calendar import local_day, seconds
from passerelle.relations.conditions import holds
from passerelle.relations.log import chosen, log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import Inputs


def is_triggered(trigger: Trigger, looks: ir.Table) -> ir.BooleanValue:
    """Whether the trigger holds, on a table with fields, `today` and `pulled__KEY` columns."""
    if trigger.field is not None:
        assert trigger.test is not None
        return holds(trigger.test, looks[trigger.field])
    pulled = looks[f"pulled__{trigger.key}"]
    if trigger.window is None:
        return pulled.notnull()
    day = looks[f"pulled__{trigger.key}_day"]
    return (looks.today - day < trigger.window).fill_null(False)


def settings(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """The overrides that set a dimension."""
    return tuple(override for override in overrides if override.set_)


def freezes(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """The overrides that freeze the score."""
    return tuple(override for override in overrides if override.freeze)


def with_freezes(agreement: Agreement, inputs: Inputs, moment: Moment) -> Moment:
    """The moment with each look moved back to the instant since which the score is frozen."""
    frozen = freezes(agreement.overrides)
    asks = moment.asks
    if not frozen or asks is None:
        return moment
    names = {n for o in frozen for n in (*(o.event or ()), *(o.until or ()))}
    needed = {name for override in frozen for name in override.where}
    rows = moment.look(log(agreement, inputs.events, moment, names, needed))
    seen_at = asks.seen_at
    for index, override in enumerate(frozen):
        instants = _frozen_since(agreement, override, rows, moment.keys).rename(
            **{f"frozen_{index}": "frozen_at"}
        )
        asks = asks.left_join(instants, list(moment.keys)).drop(
            *(f"{key}_right" for key in moment.keys)
        )
        seen_at = ibis.least(asks.seen_at, asks[f"frozen_{index}"].fill_null(asks.seen_at))
        asks = asks.mutate(seen_at=seen_at).drop(f"frozen_{index}")
    today = local_day(seconds(asks.seen_at), agreement.zone, until=moment.until)
    return Moment(moment.until, moment.today, asks.mutate(today=today), moment.known_at)


def _frozen_since(
    agreement: Agreement, override: Override, rows: ir.Table, keys: Sequence[str]
) -> ir.Table:
    """By look, the first freezing event after the last thaw."""
    freezing = rows.filter(chosen(agreement, override.event or (), override.where, rows))
    if override.until is None:
        return freezing.group_by(*keys).aggregate(frozen_at=freezing.occurred_at.min())
    thaws = rows.filter(chosen(agreement, override.until, {}, rows))
    thawed = thaws.group_by(*keys).aggregate(thawed_at=thaws.occurred_at.max())
    both = freezing.left_join(thawed, list(keys))
    both = both.filter(both.thawed_at.isnull() | (both.occurred_at > both.thawed_at))
    return both.group_by(*keys).aggregate(frozen_at=both.occurred_at.min())


def with_settings(agreement: Agreement, inputs: Inputs, moment: Moment) -> Moment:
    """The moment with, for each dimension that events set, since when and to what."""
    asks = moment.asks
    setting = settings(agreement.overrides)
    if not setting or asks is None:
        return moment
    names = {name for override in setting for name in override.event or ()}
    needed = {name for override in setting for name in override.where}
    rows = moment.look(log(agreement, inputs.events, moment, names, needed))
    columns = {
        f"set__{o.key}": ibis.cases(
            (chosen(agreement, o.event or (), o.where, rows), rows.occurred_at)
        ).max()
        for o in setting
    }
    found = rows.group_by(*moment.keys).aggregate(**columns)
    asks = asks.left_join(found, list(moment.keys)).drop(*(f"{k}_right" for k in moment.keys))
    for dimension in agreement.dimensions:
        here = [o for o in setting if dimension in (o.set_ or {})]
        if here:
            asks = asks.mutate(**_last_setting(dimension, here, asks))
    return Moment(moment.until, moment.today, asks.drop(*columns), moment.known_at)


def _last_setting(
    dimension: str, setting: Sequence[Override], asks: ir.Table
) -> dict[str, ir.Value]:
    instants = [asks[f"set__{override.key}"] for override in setting]
    since = instants[0]
    for at in instants[1:]:
        since = ibis.cases((since.isnull(), at), (at >= since, at), else_=since)
    values = [
        (at == since, ibis.literal(float((override.set_ or {})[dimension])))
        for at, override in reversed(list(zip(instants, setting, strict=True)))
    ]
    return {f"since__{dimension}": since, f"start__{dimension}": ibis.cases(*values)}
