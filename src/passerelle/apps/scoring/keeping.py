"""How scores, moves and decisions are kept in rows, and read from them again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from passerelle.apps.scoring.models import PublishedAgreement, Score, StageDecision, Transition
from passerelle.core.agreement import Agreement
from passerelle.core.lifecycle import Cause, Decision, Move, State
from passerelle.core.qualification import BantState
from passerelle.core.scorer import Score as Reckoned
from passerelle.core.standing import Standing

MILLIONTH = Decimal("0.000001")
NOTHING = Decimal("0.0000005")
"""Fewer points are none."""

TOLD = ("fast_track", "clock", "disqualified", "recycled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a score says, as it is kept; two that are equal say the same.

    All points are rounded to the millionth, whether they were reckoned lead by lead or in bulk.
    """

    total: Decimal
    grade: str
    dimensions: Mapping[str, float]
    worths: Mapping[str, tuple[float, float, float]]
    standing: Mapping[str, Any]


def figures_of(score: Reckoned) -> Figures:
    """The figures of a score that was reckoned lead by lead."""
    worths = {
        worth.rule: (number(worth.granted), number(worth.left), number(worth.points))
        for worth in score.levels.worths
        if abs(worth.granted) > NOTHING or abs(worth.points) > NOTHING
    }
    return Figures(
        total=rounded(score.total),
        grade=score.levels.grade,
        dimensions={key: number(points) for key, points in score.levels.dimensions.items()},
        worths=worths,
        standing=standing_kept(score.standing),
    )


def fingerprint(agreement: Agreement, figures: Figures) -> str:
    """A hash of the figures, by which a night tells whose have changed without reading them."""
    standing = figures.standing
    parts = [_millionths(figures.total), figures.grade]
    parts += [_millionths(figures.dimensions[key]) for key in agreement.dimensions]
    for rule in agreement.rules:
        given = figures.worths.get(rule.key)
        points = [] if given is None else [_millionths(one) for one in given]
        parts.append(",".join([rule.key, *points]) if points else "")
    parts += [standing["stage"], *(standing.get(what) or "" for what in TOLD)]
    parts += [_millionths(standing.get("bant", 0)), "1" if standing.get("qualified") else ""]
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def standing_kept(standing: Standing) -> dict[str, Any]:
    """A standing as plain values; what it does not have is left out."""
    kept: dict[str, Any] = {"stage": standing.stage}
    kept |= {what: value for what in TOLD if (value := getattr(standing, what)) is not None}
    if standing.bant.points:
        kept["bant"] = number(standing.bant.points)
    if standing.bant.qualified:
        kept["qualified"] = True
    return kept


def standing_of(kept: Mapping[str, Any]) -> Standing:
    """The standing that was kept, without the assessments behind it."""
    bant = BantState(
        points=Decimal(str(kept.get("bant", 0))), qualified=kept.get("qualified", False)
    )
    return Standing(kept["stage"], bant=bant, **{what: kept.get(what) for what in TOLD})


def rounded(points: Decimal | float) -> Decimal:
    """Points to the millionth."""
    return Decimal(points).quantize(MILLIONTH)


def number(points: Decimal | float) -> float:
    """Points to the millionth, as JSON has them."""
    return round(float(points), 6) + 0.0  # never a negative nothing


def _millionths(points: Decimal | float) -> str:
    return str(round(points * 1_000_000))


def score_row(
    lead_id: int,
    figures: Figures,
    state: State,
    *,
    published: PublishedAgreement,
    agreement: Agreement,
    as_of: datetime,
) -> Score:
    """The row of a score."""
    assert state.since is not None  # a scored lead has made its first move
    return Score(
        lead_id=lead_id,
        agreement=published,
        as_of=as_of,
        total=figures.total,
        grade=figures.grade,
        dimensions=dict(figures.dimensions),
        worths={rule: list(points) for rule, points in figures.worths.items()},
        standing=dict(figures.standing),
        fingerprint=fingerprint(agreement, figures),
        stage=state.stage,
        stage_since=state.since,
        moves=state.moves,
    )


def transition_row(
    lead_id: int,
    move: Move,
    number_of_move: int,
    *,
    published: PublishedAgreement,
    by_id: int | None = None,
) -> Transition:
    """The row of a move."""
    return Transition(
        lead_id=lead_id,
        number=number_of_move,
        from_stage=move.from_stage,
        to_stage=move.to_stage,
        cause=move.cause.value,
        evidence=dict(move.evidence),
        at=move.at,
        decided_at=move.decided_at,
        agreement=published,
        total=rounded(move.total),
        by_id=by_id,
    )


def state_of(last: Transition | None) -> State:
    """Where a lead stands after its last move."""
    if last is None:
        return State()
    return State(last.to_stage, last.at, last.decided_at, last.number)


def decision_of(row: StageDecision) -> Decision:
    """A decision as the lifecycle reads it."""
    return Decision(
        stage=row.stage,
        at=row.at,
        until=row.until,
        ended_at=row.ended_at,
        key=str(row.pk),
        cause=Cause(row.cause),
    )
