"""Rules that fade daily: what they hold on any day, from sums that only change at events.

A sum of points with one half-life is one number, wherever it is looked at from: what it would be
on some day, halved once for every half-life since. Points that fade in a line are two.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import HalfLife, LinearDecay
from passerelle.core.rules import CountingRule, VelocityRule
from passerelle.relations.calendar import FIRST, day_number
from passerelle.relations.levels import held
from passerelle.relations.measures import Columns
from passerelle.relations.moments import Moment
from passerelle.relations.replay_deltas import fading_deltas, given, is_faded_daily, united
from passerelle.relations.replay_steady import at_midnight
from passerelle.relations.tables import Inputs

MOST_HALVINGS = 900
"""Twice as often, up or down, a double holds no points any more."""

Fading = CountingRule | VelocityRule


def fading_rules(agreement: Agreement) -> list[Fading]:
    """The rules that give a little less every day."""
    return [
        rule
        for rule in agreement.rules
        if isinstance(rule, CountingRule | VelocityRule) and is_faded_daily(rule)
    ]


def reach(agreement: Agreement) -> int | None:
    """How many days from its base a sum holds; None when it holds for all days there are."""
    lives = [r.decay.days for r in fading_rules(agreement) if isinstance(r.decay, HalfLife)]
    return MOST_HALVINGS * min(lives) if lives else None


def is_in_reach(agreement: Agreement, *, base: int, until: int) -> bool:
    """Whether no event can be out of reach."""
    days = reach(agreement)
    return days is None or max(base - day_number(FIRST.date()), until - base) <= days


def fading_sums(
    agreement: Agreement, inputs: Inputs, moment: Moment, *, base: int
) -> ir.Table | None:
    """Rows `(lead, faded_at, faded_day, alive, …)`: the sums of each rule from an instant on."""
    parts: list[ir.Table] = []
    for number, rule in enumerate(rules := fading_rules(agreement)):
        rows = given(agreement, inputs, moment, rule)
        parts += [
            deltas.mutate(slot=ibis.literal(number, "int16"))
            for deltas in fading_deltas(rows, rule, moment, base=base)
        ]
    if not parts:
        return None
    rows = united(parts)
    rows = rows.mutate(at=at_midnight(agreement, moment, rows))
    columns: Columns = {"day": rows.day.max(), "alive": rows.alive.sum()}
    for number, rule in enumerate(rules):
        here = rows.slot == number
        columns[f"change__{rule.key}"] = ibis.cases((here, rows.change), else_=0.0).sum()
        if isinstance(rule.decay, LinearDecay):
            columns[f"by_day__{rule.key}"] = ibis.cases((here, rows.by_day), else_=0.0).sum()
    rows = rows.group_by("lead", "at").aggregate(**columns)
    so_far = ibis.window(group_by=rows.lead, order_by=rows["at"], rows=(None, 0))
    sums = {name: rows[name].sum().over(so_far) for name in columns if name != "day"}
    return rows.select("lead", faded_at=rows["at"], faded_day=rows.day, **sums)


def fading_worths(agreement: Agreement, rows: ir.Table, *, base: int) -> Columns:
    """`held__RULE` of the rules that fade daily, on rows with their sums and `today`."""
    columns: Columns = {}
    since_base = rows.today - base
    for rule in fading_rules(agreement):
        change = rows[f"change__{rule.key}"].fill_null(0.0)
        decay = rule.decay
        if isinstance(decay, LinearDecay):
            share = float(decay.percent) / 100 / float(decay.per)
            by_day = rows[f"by_day__{rule.key}"].fill_null(0.0)
            left = change * (1.0 - share * since_base) + share * by_day
        else:
            assert isinstance(decay, HalfLife)
            left = change * ibis.literal(0.5) ** (since_base / float(decay.days))
        columns[f"held__{rule.key}"] = held(left, rule.min, rule.max)
    return columns
