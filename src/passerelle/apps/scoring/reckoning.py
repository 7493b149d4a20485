"""Leads scored one by one from their logs, with their moves, as rows: the way of live scoring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Max

from passerelle.apps.people.queries import logs_of
from passerelle.apps.scoring.keeping import (
    decision_of,
    figures_of,
    score_row,
    state_of,
    transition_row,
)
from passerelle.apps.scoring.models import (
    Night,
    PublishedAgreement,
    Score,
    StageDecision,
    Transition,
)
from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead as LeadLog
from passerelle.core.lifecycle import State
from passerelle.core.lifecycle_look import look

COLUMNS = (
    *("agreement", "as_of", "total", "grade", "dimensions", "worths", "standing"),
    *("fingerprint", "stage", "stage_since", "moves"),
)


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of some leads: scores, states after their moves, open decisions."""

    scores: Mapping[int, Score]
    states: Mapping[int, State]
    decisions: Mapping[int, Sequence[StageDecision]] = field(default_factory=dict)


def reckon(
    published: PublishedAgreement,
    agreement: Agreement,
    lead_ids: Sequence[int],
    *,
    now: datetime,
    by_id: int | None = None,
    ended: StageDecision | None = None,
) -> dict[int, datetime]:
    """Score the leads, which the caller holds, and write what that gives.

    `ended` is a decision that somebody has just ended, and `by_id` who did. The answer names the
    leads whose log has events later than `now`, each with the first of them.
    """
    known = stored(lead_ids, ended=ended)
    acted_on = max(_last_night(), published.published_at)
    scores: list[Score] = []
    moves: list[Transition] = []
    ahead: dict[int, datetime] = {}
    for log in logs_of(agreement, list(lead_ids)):
        lead_id = int(log.key)
        if (later := _next_event(log, now)) is not None:
            ahead[lead_id] = later
        before = known.scores.get(lead_id)
        found = look(
            agreement,
            log,
            state=known.states.get(lead_id, State()),
            since=None if before is None else min(max(before.as_of, acted_on), now),
            decisions=[decision_of(row) for row in known.decisions.get(lead_id, ())],
            now=now,
        )
        figures = figures_of(found.score)
        scores.append(
            score_row(
                lead_id,
                figures,
                found.state,
                published=published,
                agreement=agreement,
                as_of=now,
            )
        )
        first = found.state.moves - len(found.moves) + 1
        moves += [
            transition_row(lead_id, move, number, published=published, by_id=by_id)
            for number, move in enumerate(found.moves, start=first)
        ]
    write(scores, moves)
    close_expired(known, now=now)
    return ahead


def write(scores: Iterable[Score], moves: Iterable[Transition]) -> None:
    """Put scores in the place of those before, and add the moves."""
    Score.objects.bulk_create(
        scores, update_conflicts=True, unique_fields=["lead"], update_fields=COLUMNS
    )
    Transition.objects.bulk_create(moves)


def forget(lead_ids: Sequence[int]) -> None:
    """Drop the scores of leads that are no more; what was decided of them stands."""
    if lead_ids:
        Score.objects.filter(pk__in=lead_ids).delete()


def stored(lead_ids: Sequence[int], *, ended: StageDecision | None = None) -> Known:
    """What is stored of those leads."""
    scores = Score.objects.in_bulk(lead_ids)
    states = {
        pk: State(row.stage, row.stage_since, row.as_of, row.moves) for pk, row in scores.items()
    }
    unscored = [pk for pk in lead_ids if pk not in scores]
    for move in Transition.objects.filter(lead__in=unscored).order_by("number"):
        states[move.lead_id] = state_of(move)
    decisions: dict[int, list[StageDecision]] = {}
    for row in StageDecision.objects.filter(lead__in=lead_ids, ended_at=None):
        decisions.setdefault(row.lead_id, []).append(row)
    if ended is not None:
        decisions.setdefault(ended.lead_id, []).append(ended)
    return Known(scores, states, decisions)


def close_expired(known: Known, *, now: datetime) -> None:
    """Keep of the decisions that have expired that they were acted upon."""
    expired = [
        row
        for rows in known.decisions.values()
        for row in rows
        if row.ended_at is None and row.until is not None and row.until <= now
    ]
    for row in expired:
        row.ended_at = row.until
    StageDecision.objects.bulk_update(expired, ["ended_at"])


def _last_night() -> datetime:
    nights = Night.objects.exclude(finished_at=None)
    return nights.aggregate(at=Max("midnight_at"))["at"] or _NEVER


def _next_event(log: LeadLog, now: datetime) -> datetime | None:
    return min((e.occurred_at for e in log.events if e.occurred_at > now), default=None)
