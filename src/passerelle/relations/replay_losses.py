"""When time takes from points that were granted once: at which ages, and how much of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from passerelle.core.parts import Decay, Expiry, HalfLife, LinearDecay, StepDecay

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Losses:
    """The share `each` is lost at the ages `every`, `2 * every`, …, and `last` at `last_age`.

    There are `times` losses in all, the last one included.
    """

    every: int
    times: int
    each: Decimal
    last_age: int
    last: Decimal


def losses(window: int | None, decay: Decay | None) -> Losses | None:
    """What points lose by steps that do not come every day; None when they lose nothing."""
    match decay:
        case Expiry(days=days):
            return _at_once(days if window is None else min(days, window))
        case StepDecay(percent=percent, every=every):
            return _by_steps(percent / 100, every, window)
        case _:
            return None if window is None else _at_once(window)


def fades_daily(decay: Decay | None) -> bool:
    """Whether points lose a little every midnight."""
    return isinstance(decay, HalfLife | LinearDecay)


def gone_after(window: int | None, decay: Decay | None) -> int | None:
    """The age, in days, at which nothing is left of points that fade daily."""
    ends = [] if window is None else [window]
    if isinstance(decay, LinearDecay):
        ends.append(ceil(100 * decay.per / decay.percent))
    return min(ends, default=None)


def _at_once(age: int) -> Losses:
    return Losses(every=age, times=1, each=ONE, last_age=age, last=ONE)


def _by_steps(share: Decimal, every: int, window: int | None) -> Losses:
    steps = ceil(ONE / share)
    before = steps - 1
    if window is not None:
        before = min(before, (window - 1) // every)
    closes = steps * every if window is None else min(steps * every, window)
    return Losses(every, before + 1, share, closes, ONE - before * share)
