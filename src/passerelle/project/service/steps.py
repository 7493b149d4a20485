"""What workers do, step by step; each app says how, this says in which order and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, cast

Lane = Literal["live", "bulk"]
LANES: tuple[Lane, ...] = ("live", "bulk")
"""`live` must be done within the second; `bulk` may take its time, and holds nobody up."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bounded piece of work: at an instant, it returns how many items it did."""

    name: str
    lane: Lane
    work: Callable[[datetime], int]


_STEPS: tuple[tuple[Lane, str, str], ...] = (
    ("live", "capture", "work"),
    ("live", "people", "work"),
    ("live", "scoring", "work"),
    ("bulk", "scoring", "nightly"),
    ("bulk", "history", "work"),
)


def steps(lane: Lane) -> list[Step]:
    """The steps of a lane, in the order in which news travels upward."""
    found = []
    for of, app, name in _STEPS:
        module = f"passerelle.apps.{app}.worker"
        if of == lane and find_spec(module) and hasattr(import_module(module), name):
            work = cast("Callable[[datetime], int]", getattr(import_module(module), name))
            found.append(Step(f"{app}.{name}", lane, work))
    return found
