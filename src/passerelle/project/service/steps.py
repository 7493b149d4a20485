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
    ("live", "capture.worker", "work"),
    ("live", "people.worker", "work"),
    ("live", "scoring.worker", "work"),
    ("bulk", "people.privacy_erasing", "carry_out_erasures"),
    ("bulk", "history.forgetting", "carry_out_erasures"),
    ("bulk", "scoring.forgetting", "carry_out_erasures"),
    ("bulk", "people.privacy_retention", "retire"),
    ("bulk", "scoring.worker", "nightly"),
    ("bulk", "history.worker", "work"),
)


def steps(lane: Lane) -> list[Step]:
    """The steps of a lane, in the order in which news travels upward."""
    found = []
    for of, place, name in _STEPS:
        module = f"passerelle.apps.{place}"
        if of == lane and find_spec(module) and hasattr(import_module(module), name):
            work = cast("Callable[[datetime], int]", getattr(import_module(module), name))
            found.append(Step(f"{place.partition('.')[0]}.{name}", lane, work))
    return found
