"""Colours by meaning, as CSS variables: told apart by lightness, so by everyone and in print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from passerelle.core.stages import DISQUALIFIED, NURTURING
from passerelle.report.stage_numbers import StageNumbers

RUNGS = 8
HEATS = 6

GOOD = "var(--good)"
BAD = "var(--bad)"
INK = "var(--ink)"
MUTED = "var(--muted)"
FILLED = "var(--rung-4)"
UNREAD = "var(--aside)"

_ASIDE = {NURTURING: "var(--nurturing)", DISQUALIFIED: "var(--disqualified)"}


def stage_colours(stages: StageNumbers) -> Mapping[str, str]:
    """A colour for each stage: the higher the rung, the stronger."""
    last = max(1, len(stages.rungs) - 1)
    rungs = {
        one.key: f"var(--rung-{round(place * (RUNGS - 1) / last)})"
        for place, one in enumerate(stages.rungs)
    }
    return rungs | {one.key: _ASIDE[one.key] for one in stages.aside}


def heat(n: int, most: int) -> int:
    """How warm a cell is, from 0 (nothing) to `HEATS`; by the square root, so that few show."""
    if n <= 0 or most <= 0:
        return 0
    return max(1, min(HEATS, round(HEATS * (n / most) ** 0.5)))


def told_apart(places: Sequence[float], *, nearest: float) -> list[int]:
    """On which line of labels each place can be written without touching one before it."""
    ends: list[float] = []
    lines = []
    for place in places:
        free = next((i for i, end in enumerate(ends) if place >= end), len(ends))
        if free == len(ends):
            ends.append(place)
        ends[free] = place + nearest
        lines.append(free)
    return lines
