"""What workers do, step by step; each app says how, this says in which order and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from passerelle.apps.capture import worker as capture
from passerelle.apps.history import forgetting as forgetting_files
from passerelle.apps.history import worker as history
from passerelle.apps.people import privacy_erasing, privacy_retention
from passerelle.apps.people import worker as people
from passerelle.apps.scoring import forgetting as forgetting_scores
from passerelle.apps.scoring import worker as scoring
from passerelle.project.service.lanes import Lane


@dataclass(frozen=True, slots=True)
class Step:
    """One bounded piece of work: at an instant, it returns how many items it did."""

    name: str
    lane: Lane
    work: Callable[[datetime], int]


STEPS = (
    Step("capture.work", "live", capture.work),
    Step("people.work", "live", people.work),
    Step("scoring.work", "live", scoring.work),
    Step("scoring.nightly", "bulk", scoring.nightly),
    Step("history.work", "bulk", history.work),
    Step("people.retire", "bulk", privacy_retention.retire),
    Step("people.forget", "bulk", privacy_erasing.carry_out_erasures),
    Step("history.forget", "bulk", forgetting_files.carry_out_erasures),
    Step("scoring.forget", "bulk", forgetting_scores.carry_out_erasures),
)
"""In the order in which news travel upward; somebody to be forgotten is forgotten likewise."""


def steps(lane: Lane) -> list[Step]:
    """The steps of a lane."""
    return [step for step in STEPS if step.lane == lane]
