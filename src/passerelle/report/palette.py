"""Colours by meaning, as CSS variables: told apart by lightness, so by everyone and in print."""

from __future__ import annotations

import math
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
    """How warm a cell is, from 0 (nothing) to `HEATS`; by the cube root, so that few show."""
    if n <= 0 or most <= 0:
        return 0
    return max(1, min(HEATS, round(HEATS * math.cbrt(n / most))))


def told_apart(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The row, counted from 0, on which each span can be written without touching another."""
    rows: list[list[tuple[float, float]]] = []
    places = []
    for start, end in spans:
        free = (all(end <= a or b <= start for a, b in row) for row in rows)
        place = next((place for place, is_free in enumerate(free) if is_free), len(rows))
        if place == len(rows):
            rows.append([])
        rows[place].append((start, end))
        places.append(place)
    return places
