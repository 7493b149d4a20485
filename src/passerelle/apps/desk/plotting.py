"""A score over time as a drawing made on the server; its numbers stand in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from passerelle.apps.shell.formats import day, number
from passerelle.core.lifecycle_course import Point
from passerelle.words import Language

WIDTH, HEIGHT = 720, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 8, 10, 24
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what is written there."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A move between stages on the line."""

    x: float
    y: float
    stage: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The parts of the drawing, in its own units."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    line: str
    area: str
    marks: tuple[Mark, ...]
    days: tuple[Tick, ...]
    totals: tuple[Tick, ...]


def plot_of(
    points: Sequence[Point],
    *,
    now: datetime,
    range_: tuple[Decimal, Decimal],
    language: Language,
) -> Plot | None:
    """A line in steps from the first point until now; None when there is nothing to draw."""
    if not points or now - points[0].at < timedelta(hours=1):
        return None
    start = points[0].at
    low = min(Decimal(0), range_[0], *(point.total for point in points))
    high = max(range_[1] if range_[1] < 1000 else Decimal(0), *(p.total for p in points), low + 1)

    def x(at: datetime) -> float:
        share = (at - start) / (now - start)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(total: Decimal) -> float:
        share = float((total - low) / (high - low))
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    steps = [f"M{x(start)} {y(points[0].total)}"]
    steps += [f"H{x(point.at)}V{y(point.total)}" for point in points[1:]]
    line = "".join(steps) + f"H{x(now)}"
    marks = tuple(
        Mark(x(after.at), y(after.total), after.stage)
        for before, after in pairwise(points)
        if before.stage != after.stage
    )
    days = (start + (now - start) * n / (_TICKS - 1) for n in range(_TICKS))
    totals = (low + (high - low) * n / 4 for n in range(5))
    return Plot(
        WIDTH,
        HEIGHT,
        _LEFT,
        WIDTH - _RIGHT,
        HEIGHT - _BOTTOM,
        line,
        f"{line}V{y(low)}H{x(start)}Z",
        marks,
        tuple(Tick(x(at), day(at, language).rsplit(" ", 1)[0]) for at in days),
        tuple(Tick(y(total), number(round(total), language)) for total in totals),
    )
