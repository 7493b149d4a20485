"""How far back an agreement looks: what is older can change no score and no stage."""

from __future__ import annotations

from math import ceil

from passerelle.core.agreement import Agreement
from passerelle.core.parts import Expiry, Limit, LinearDecay, StepDecay
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    FieldRule,
    InactivityRule,
    Rule,
    VelocityRule,
    VisitRule,
)

DAY_OF_GRACE = 1
"""Days are counted from local midnights, and an instant may lie on either side of one."""

_PERIODS = {"day": 1, "week": 7, "month": 31}


def longest_memory(agreement: Agreement) -> int | None:
    """The age in days past which no event a rule counts matters; None if some matter for ever.

    Events that stages, fast tracks, disqualifiers and overrides wait for matter for ever, as do
    points that halve without end, rules that count a lead's first time, and all of it where a
    stage is kept until the score falls below a second line: where a lead stands then hangs on
    where it stood.
    """
    falls = any(stage.falls_below for stage in agreement.stages.values())
    if falls or _waits_for_events(agreement):
        return None
    days = [_memory_of(rule) for rule in agreement.rules]
    known = [day for day in days if day is not None]
    return None if len(known) < len(days) else max(known, default=0) + DAY_OF_GRACE


def _waits_for_events(agreement: Agreement) -> bool:
    triggers = (*agreement.fast_tracks, *agreement.disqualify, *agreement.overrides)
    asked = [trigger.event for trigger in triggers]
    asked += [stage.when.event for stage in agreement.stages.values() if stage.when is not None]
    later = (agreement.qualification, agreement.recycle)
    return any(asked) or any(part is not None for part in later)


def _memory_of(rule: Rule) -> int | None:
    match rule:
        case FieldRule():
            return 0  # fields are told by calls that no log forgets
        case InactivityRule() | VisitRule():
            return None  # the last event counts, however old; a visit hangs on the one before
        case DistinctRule():
            return rule.window
        case VelocityRule():
            left = _days_left(rule)
            within = ceil(rule.velocity.within.total_seconds() / 86_400)
            return None if left is None else left + within
        case CountingRule():
            return _memory_of_counting(rule)
    raise AssertionError(rule)


def _memory_of_counting(rule: CountingRule) -> int | None:
    """Whether an event counts may hang on earlier ones, so these must be there as long as it."""
    left = _days_left(rule)
    if left is None or rule.first_only is not None or rule.cool_down is not None:
        return None  # a chain of cool-downs has no end
    return left + before if (before := _days_of(rule.limit)) is not None else None


def _days_of(limit: Limit | None) -> int | None:
    return 0 if limit is None else _PERIODS.get(limit.per)


def _days_left(rule: CountingRule | VelocityRule) -> int | None:
    """How old an event is when nothing of its points is left."""
    if rule.window is not None:
        return rule.window
    match rule.decay:
        case Expiry(days=days):
            return days
        case LinearDecay(percent=percent, per=per):
            return ceil(100 * per / percent)
        case StepDecay(percent=percent, every=every):
            return ceil(100 / percent) * every
    return None
