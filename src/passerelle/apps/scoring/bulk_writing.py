"""What a pass over everybody found, written in bounded transactions, each lead under its lock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from passerelle.apps.people.models import Lead, Touched
from passerelle.apps.scoring.bulk_due import Pass
from passerelle.apps.scoring.keeping import decision_of, rounded, standing_of, transition_row
from passerelle.apps.scoring.models import Score, Transition
from passerelle.apps.scoring.reckoning import Known, close_expired, stored, write
from passerelle.core.ledger import RuleWorth
from passerelle.core.lifecycle import Move, State, decide
from passerelle.core.lifecycle_evidence import Finding

Row = Mapping[str, Any]


@transaction.atomic
def write_batch(rows: Sequence[Row], bulk: Pass, *, now: datetime) -> int:
    """Write what was found of some leads; how many scores that changed.

    Whoever was scored by a live worker meanwhile is left as it is; whoever such a worker holds
    right now is announced to them.
    """
    ids = [row["lead_id"] for row in rows]
    standing = Lead.objects.filter(pk__in=ids, merged_into=None, erased_at=None).order_by("pk")
    held = set(
        standing.select_for_update(no_key=True, skip_locked=True, of=("self",)).values_list(
            "pk", flat=True
        )
    )
    _leave_to_others([pk for pk in ids if pk not in held], now=now)
    known = stored(sorted(held))
    scores: list[Score] = []
    moves: list[Transition] = []
    for row in rows:
        lead_id = row["lead_id"]
        before = known.scores.get(lead_id)
        if lead_id not in held or (before is not None and _stands(before, bulk)):
            continue
        state = known.states.get(lead_id, State())
        move = _move(row, bulk, state, known, now=now) if _may_move(row, state, known) else None
        if move is not None:
            state = state.after(move)
            moves.append(transition_row(lead_id, move, state.moves, published=bulk.published))
        scores.append(_score_row(row, bulk, state))
    write(scores, moves)
    close_expired(known, now=bulk.as_of)
    return len(scores)


def _leave_to_others(ids: Sequence[int], *, now: datetime) -> None:
    Touched.objects.bulk_create(
        Touched(lead_id=pk, first_at=now, at=now)
        for pk in Lead.objects.filter(pk__in=ids).values_list("pk", flat=True)
    )


def _stands(before: Score, bulk: Pass) -> bool:
    """Whether a score is later than the pass."""
    if bulk.is_night or before.agreement_id == bulk.published.pk:
        return before.as_of >= bulk.as_of
    return before.agreement.published_at > bulk.published.published_at


def _may_move(row: Row, state: State, known: Known) -> bool:
    return row["stage"] != state.stage or row["lead_id"] in known.decisions


def _move(row: Row, bulk: Pass, state: State, known: Known, *, now: datetime) -> Move | None:
    worths: dict[str, list[float]] = json.loads(row["worths"])
    dimensions: dict[str, float] = json.loads(row["dimensions"])
    finding = Finding(
        agreement=bulk.agreement,
        standing=standing_of(json.loads(row["standing"])),
        since=bulk.as_of,
        total=rounded(row["total"]),
        dimensions={key: rounded(points) for key, points in dimensions.items()},
        worths=[
            RuleWorth(rule, (), *(Decimal(str(one)) for one in points))
            for rule, points in worths.items()
        ],
    )
    decisions = [decision_of(one) for one in known.decisions.get(row["lead_id"], ())]
    return decide(state, finding, decisions, now=bulk.as_of, decided_at=now)


def _score_row(row: Row, bulk: Pass, state: State) -> Score:
    assert state.since is not None  # its first move is made with its first score
    return Score(
        lead_id=row["lead_id"],
        agreement=bulk.published,
        as_of=bulk.as_of,
        total=rounded(row["total"]),
        grade=row["grade"],
        dimensions=json.loads(row["dimensions"]),
        worths=json.loads(row["worths"]),
        standing=json.loads(row["standing"]),
        fingerprint=row["fingerprint"],
        stage=state.stage,
        stage_since=state.since,
        moves=state.moves,
    )
