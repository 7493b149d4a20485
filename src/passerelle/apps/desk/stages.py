"""How a stage is shown: its name, and how high it stands."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.core.agreement import Agreement
from passerelle.core.stages import DISQUALIFIED, LEAD, NURTURING
from passerelle.core.standing import ladder
from passerelle.report.naming import stage_label
from passerelle.words import Language

_RUNGS = 8
_ASIDE = {NURTURING: "aside", DISQUALIFIED: "out"}


@dataclass(frozen=True, slots=True)
class StageMark:
    """A stage with its name, and the class that colours it: the higher, the stronger."""

    key: str
    label: str
    kind: str


def steps(agreement: Agreement) -> tuple[str, ...]:
    """Every stage that a lead can climb, the floor on which all stand included."""
    climbed = ladder(agreement)
    return climbed if LEAD in climbed else (LEAD, *climbed)


def stage_mark(agreement: Agreement | None, key: str, language: Language) -> StageMark:
    """How one stage is shown; one that the agreement no longer knows stands by its key."""
    if agreement is None:
        return StageMark(key, key, "rung-0")
    if key in _ASIDE:
        return StageMark(key, stage_label(agreement, key, language), _ASIDE[key])
    order = steps(agreement)
    if key not in order:
        return StageMark(key, key, "rung-0")
    last = max(1, len(order) - 1)
    rung = round(order.index(key) * (_RUNGS - 1) / last)
    return StageMark(key, stage_label(agreement, key, language), f"rung-{rung}")


def stage_marks(agreement: Agreement | None, language: Language) -> tuple[StageMark, ...]:
    """All stages in which a lead may stand, lowest first, those beside the ladder last."""
    if agreement is None:
        return ()
    return tuple(
        stage_mark(agreement, key, language) for key in (*steps(agreement), NURTURING, DISQUALIFIED)
    )


def ripe_stages(agreement: Agreement | None) -> tuple[str, ...]:
    """The stages from the first that asks for points on: what both teams wait for."""
    if agreement is None:
        return ()
    order = ladder(agreement)
    stages = agreement.stages
    asks = (key for key in order if key in stages and (when := stages[key].when) and when.levels)
    first = next(asks, order[0] if order else None)
    return order[order.index(first) :] if first in order else ()
