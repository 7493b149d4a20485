"""Scored leads in order, with the reasons of those that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from passerelle.core.scorer import Score, score_lead
from passerelle.core.stages import (
    DISQUALIFIED,
    HANDOFF,
    LEAD,
    NURTURING,
    SALES_QUALIFIED,
    TOTAL,
)
from passerelle.project.failures import Refused
from passerelle.project.run import Run

SCORED = "scored"
ORDER = f'("disqualified" IS NOT NULL), "level__{TOTAL}" DESC, lead'
"""Best total first; who is disqualified comes last, whatever the total."""


WORDS = ("lead", "stage", "grade", "fast_track", "clock", "disqualified", "recycled")


@dataclass(frozen=True, slots=True)
class RankedLead:
    """One lead of the ranking; `score` is the same from the reference scorer, with its ledger."""

    rank: int
    lead: str
    stage: str
    total: float
    grade: str | None
    dimensions: Mapping[str, float]
    fast_track: str | None
    clock: str | None
    disqualified: str | None
    recycled: str | None
    score: Score


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first leads of the order, and how many leads stand at each stage."""

    leads: tuple[RankedLead, ...]
    stages: Mapping[str, int]


def rank(run: Run, *, top: int, stage: str | None = None) -> Ranking:
    """The `top` best leads of the table of scores, or of those at one stage.

    Raises:
        Refused: no lead stands at that stage, nor could one.
    """
    found = run.connection.execute(f"SELECT stage, count(*) FROM {SCORED} GROUP BY ALL").fetchall()
    counts = dict(found)
    ladder = stages_of(run, tuple(counts))
    if stage is not None and stage not in ladder:
        raise Refused("cli.refused.stage", found=stage, known=", ".join(ladder))
    return Ranking(
        leads=_leads(run, top=top, stage=stage),
        stages={key: counts[key] for key in ladder if key in counts},
    )


def stages_of(run: Run, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Every stage there can be, from the bottom up; then any other that was seen."""
    own = list(run.agreement.stages)
    below = [key for key in (DISQUALIFIED, NURTURING, LEAD) if key not in own]
    above = [key for key in own if key == SALES_QUALIFIED] or [SALES_QUALIFIED]
    between = [key for key in own if key not in above]
    return tuple(dict.fromkeys([*below, *between, HANDOFF, *above, *seen]))


def _leads(run: Run, *, top: int, stage: str | None) -> tuple[RankedLead, ...]:
    levels = [f"level__{key}" for key in run.agreement.dimensions]
    columns = ", ".join(f'"{name}"' for name in (*WORDS, f"level__{TOTAL}", *levels))
    numbered = f"SELECT row_number() OVER (ORDER BY {ORDER}) AS rank, {columns} FROM {SCORED}"
    chosen = "" if stage is None else "WHERE stage = ?"
    cursor = run.connection.execute(
        f"SELECT * FROM ({numbered}) {chosen} ORDER BY rank LIMIT {top:d}",
        [] if stage is None else [stage],
    )
    names = ("rank", *WORDS, "total", *run.agreement.dimensions)
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    scores = {
        lead.key: score_lead(run.agreement, lead, as_of=run.as_of)
        for lead in run.leads([row["lead"] for row in rows])
    }
    return tuple(
        RankedLead(
            **{name: row[name] for name in ("rank", "total", *WORDS)},
            dimensions={key: row[key] for key in run.agreement.dimensions},
            score=scores[row["lead"]],
        )
        for row in rows
    )
