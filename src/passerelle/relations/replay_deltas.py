"""Rules as changes: by how much what a rule is worth moves, at events and at later midnights.

What an occurrence grants is settled when it happens, so all that time will take from it is known
then too: a window that closes is a change at a midnight to come. Nothing is looked at twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.parts import Decay, HalfLife
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
)
from passerelle.relations.evidence import bursts, sightings
from passerelle.relations.fading import left_of
from passerelle.relations.grants import grants
from passerelle.relations.log import chosen, log
from passerelle.relations.moments import Moment
from passerelle.relations.replay_losses import fades_daily, gone_after, losses
from passerelle.relations.tables import Inputs


def is_faded_daily(rule: Rule) -> bool:
    """Whether what the rule gives is a little less every day."""
    return isinstance(rule, CountingRule | VelocityRule) and fades_daily(rule.decay)


def steady_deltas(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: Rule
) -> Iterator[ir.Table]:
    """Rows `(lead, at, day, change)` of what a rule that does not fade daily counts or adds up.

    `at` is null for the midnight at which `day` begins.
    """
    match rule:
        case CountingRule(counts=bands) if bands is not None:
            rows = given(agreement, inputs, moment, rule)
            rows = rows.mutate(points=ibis.literal(1.0))
            yield from _stepping(rows, rule.window, None, moment)
        case CountingRule() | VelocityRule():
            rows = given(agreement, inputs, moment, rule)
            yield from _stepping(rows, rule.window, rule.decay, moment)
        case DistinctRule():
            yield from _different(sightings(agreement, inputs, moment, rule), rule.window, moment)
        case InactivityRule():
            yield from _silence(agreement, inputs, moment, rule)
        case FieldRule():
            return


def united(parts: Sequence[ir.Table]) -> ir.Table:
    """The rows of all parts."""
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def given(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: CountingRule | VelocityRule
) -> ir.Table:
    """Rows `(lead, occurred_at, day, points)`; of bursts with `next_at` and `next_day`.

    A burst counts until the next one takes its place.
    """
    if isinstance(rule, CountingRule):
        rows = grants(agreement, inputs, moment, [rule])
        assert rows is not None
        return rows.drop("rule")
    rows = bursts(agreement, inputs, moment, rule)
    rows = rows.group_by("lead", "occurred_at").aggregate(day=rows.day.max())
    order = ibis.window(group_by=rows.lead, order_by=rows.occurred_at)
    return rows.mutate(
        points=ibis.literal(float(rule.points)),
        next_at=rows.occurred_at.lead().over(order),
        next_day=rows.day.lead().over(order),
    )


def fading_deltas(
    rows: ir.Table, rule: CountingRule | VelocityRule, moment: Moment, *, base: int
) -> Iterator[ir.Table]:
    """Rows `(lead, at, day, change, by_day, alive)` of a rule that fades daily, from its `given`.

    Of points with a half-life, `change` is what they would be on the day `base`; of points that
    fade in a line, `change` is the points and `by_day` the points times their day since `base`.
    """
    decay, since_base = rule.decay, rows.day - base
    if isinstance(decay, HalfLife):
        scale = ibis.literal(2.0) ** (since_base / float(decay.days))
        rows = rows.mutate(change=rows.points * scale, by_day=ibis.literal(0.0))
    else:
        rows = rows.mutate(change=rows.points, by_day=rows.points * since_base)
    rows = rows.mutate(alive=ibis.literal(1, "int64"))
    yield _begun(rows)
    end = gone_after(rule.window, decay)
    if end is not None:
        ended = rows.day + end
        yield _undone(rows.filter(_until_next(rows, ended)), None, ended, moment)
    if "next_at" in rows.columns:
        gone = rows.next_at.notnull()
        if end is not None:
            gone &= rows.next_day < rows.day + end
        rows = rows.filter(gone)
        yield _undone(rows, rows.next_at, rows.next_day, moment)


def _begun(rows: ir.Table) -> ir.Table:
    changes = {name: rows[name] for name in ("change", "by_day", "alive")}
    return rows.select("lead", at=rows.occurred_at, day=rows.day, **changes)


def _undone(rows: ir.Table, at: ir.Value | None, day: ir.IntegerValue, moment: Moment) -> ir.Table:
    changes = {name: -rows[name] for name in ("change", "by_day", "alive")}
    at = ibis.null("timestamp(6)") if at is None else at
    rows = rows.select("lead", at=at, day=day, **changes)
    return rows.filter(rows.day <= moment.today)


def _stepping(
    rows: ir.Table, window: int | None, decay: Decay | None, moment: Moment
) -> Iterator[ir.Table]:
    yield rows.select("lead", at=rows.occurred_at, day=rows.day, change=rows.points)
    lost = losses(window, decay)
    if lost is not None:
        each = rows
        if lost.times > 1:
            each = rows.mutate(step=ibis.range(1, lost.times + 1).unnest().cast("int64"))
            age = ibis.least(each.step * lost.every, lost.last_age)
            share = ibis.cases((each.step == lost.times, float(lost.last)), else_=float(lost.each))
        else:
            age, share = ibis.literal(lost.last_age), ibis.literal(float(lost.last))
        day = each.day + age
        each = each.filter(_until_next(each, day), day <= moment.today)
        yield each.select(
            "lead", at=ibis.null("timestamp(6)"), day=day, change=-each.points * share
        )
    if "next_at" in rows.columns:
        replaced = rows.filter(rows.next_at.notnull())
        age = replaced.next_day - replaced.day
        left = left_of(replaced.points, decay, age)
        if window is not None:
            left = ibis.cases((age < window, left), else_=0.0)
        yield replaced.select("lead", at=replaced.next_at, day=replaced.next_day, change=-left)


def _until_next(rows: ir.Table, day: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a midnight comes before what takes the place of the row, if anything does."""
    if "next_at" not in rows.columns:
        return ibis.literal(True)
    return rows.next_at.isnull() | (day <= rows.next_day)


def _different(rows: ir.Table, window: int | None, moment: Moment) -> Iterator[ir.Table]:
    """One more when a value appears, one less when its last sighting leaves the window."""
    order = ibis.window(group_by=[rows.lead, rows.different], order_by=rows.occurred_at)
    rows = rows.mutate(
        before=rows.day.lag().over(order),
        after=rows.day.lead().over(order),
    )
    fresh, last = rows.before.isnull(), rows.after.isnull()
    if window is not None:
        fresh |= rows.before + window <= rows.day
        last |= rows.day + window <= rows.after
    new = rows.filter(fresh)
    yield new.select("lead", at=new.occurred_at, day=new.day, change=ibis.literal(1.0))
    if window is not None:
        gone = rows.filter(last, rows.day + window <= moment.today)
        yield gone.select(
            "lead",
            at=ibis.null("timestamp(6)"),
            day=gone.day + window,
            change=ibis.literal(-1.0),
        )


def _silence(
    agreement: Agreement, inputs: Inputs, moment: Moment, rule: InactivityRule
) -> Iterator[ir.Table]:
    """One more at each midnight at which silence counts again, none after the next event."""
    asked = rule.inactive
    rows = log(agreement, inputs.events, moment, asked.events)
    rows = rows.filter(chosen(agreement, asked.events, {}, rows))
    order = ibis.window(group_by=rows.lead, order_by=rows.occurred_at)
    rows = rows.select(
        "lead",
        "day",
        next_at=rows.occurred_at.lead().over(order),
        next_day=rows.day.lead().over(order),
    )
    silent = rows.next_day.fill_null(moment.today) - rows.day - asked.span
    rows = rows.mutate(silent=silent)
    rows = rows.filter(rows.silent >= 0)
    times = ibis.literal(1, "int64")
    if asked.every is not None:
        times = times + (rows.silent / asked.every).floor().cast("int64")
    rows = rows.mutate(times=times)
    each = rows.mutate(step=ibis.range(0, rows.times).unnest())
    yield each.select(
        "lead",
        at=ibis.null("timestamp(6)"),
        day=each.day + asked.span + each.step * (asked.every or 0),
        change=ibis.literal(1.0),
    )
    heard = rows.filter(rows.next_at.notnull())
    yield heard.select(
        "lead", at=heard.next_at, day=heard.next_day, change=-heard.times.cast("float64")
    )
