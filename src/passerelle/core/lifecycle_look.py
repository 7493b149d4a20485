"""One look at a lead as its news come in: its score now, and the moves it has made since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.core.lifecycle import Decision, Move, State, decide, in_force, settled
from passerelle.core.lifecycle_course import finding_at, midnights
from passerelle.core.scorer import Score, record_of
from passerelle.core.standing import Record, standing_at


@dataclass(frozen=True, slots=True)
class Look:
    """The score, the moves that were due, and the state after them."""

    score: Score
    moves: tuple[Move, ...]
    state: State


def look(
    agreement: Agreement,
    lead: Lead,
    *,
    state: State,
    since: datetime | None,
    decisions: Sequence[Decision] = (),
    now: datetime,
) -> Look:
    """Score the lead at `now` and decide what it does.

    `since` is the last instant at which the lead was looked at, none the first time. Midnights
    that nobody acted on since then are acted on first, each for itself and with what was known by
    then: what time took and an event gave back are two moves, as if each night had come in time.
    """
    record = record_of(agreement, lead)
    standing = standing_at(record, as_of=now)
    score = Score(
        lead=lead.key,
        as_of=now,
        agreement=agreement.version,
        levels=record.levels(now),
        standing=standing,
    )
    nights = [] if since is None else midnights(record, after=since, until=now)
    if not nights and not _moves(state, standing.stage, decisions, now):
        return Look(score, (), state)
    moves: list[Move] = []
    for instant in [*(night for night in nights if night != now), now]:
        known = record if instant == now else record_of(agreement, lead, known_at=instant)
        move = _decided(known, instant, state=state, since=since, decisions=decisions, now=now)
        if move is not None:
            state = state.after(move)
            moves.append(move)
        since, decisions = instant, settled(decisions, now=instant)
    return Look(score, tuple(moves), state)


def _moves(state: State, stage: str, decisions: Sequence[Decision], now: datetime) -> bool:
    held = in_force(decisions, now=now)
    return state.stage != (stage if held is None else held.stage)


def _decided(
    record: Record,
    instant: datetime,
    *,
    state: State,
    since: datetime | None,
    decisions: Sequence[Decision],
    now: datetime,
) -> Move | None:
    stage = standing_at(record, as_of=instant).stage
    if not _moves(state, stage, decisions, instant):
        return None
    finding = finding_at(record, as_of=instant, since=since)
    return decide(state, finding, decisions, now=instant, decided_at=now)
