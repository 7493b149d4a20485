"""Whatever comes in, and whenever it is looked at: moves are a chain, the stage is its fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.core.history import Event, Lead
from passerelle.core.lifecycle import Cause, Decision, Move, State, fold, in_force, settled
from passerelle.core.lifecycle_look import look
from passerelle.core.scorer import score_lead
from tests.core.builders import NOW, an_agreement, an_event

AGREEMENT = an_agreement(
    {"key": "page", "dimension": "engagement", "event": "page", "points": 30, "window": "5d"},
    {
        "key": "quiet",
        "dimension": "engagement",
        "inactive": {"for": "3d", "every": "3d"},
        "points": -5,
    },
    stages={
        "mql": {"when": {"total": ">=50"}, "falls_below": 20},
        "hot": {"when": {"total": ">=100"}},
    },
    fast_tracks=[{"key": "demo", "event": "demo_requested", "window": "4d"}],
    disqualify=[{"key": "stop", "event": "stopped", "window": "2d"}],
    recycle={"after": {"bad_timing": "3d"}, "rearm": {"new_points": 10}},
    handoff={"clocks": {}},
)
NAMES = ("page", "page", "page", "demo_requested", "stopped", "returned", "deal_won")
STAGES = ("lead", "mql", "hot", "disqualified")


@dataclass(frozen=True)
class Said:
    """A person's word on one of the days."""

    stage: str
    at: datetime
    days: int | None


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    return NOW - timedelta(hours=draw(st.integers(0, 20 * 24)))


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    drawn = draw(st.lists(st.tuples(st.sampled_from(NAMES), instants(), st.integers(0, 60))))
    return [
        an_event(
            name, at=at, id=str(n), received_at=at + timedelta(hours=late), reason="bad_timing"
        )
        for n, (name, at, late) in enumerate(drawn)
    ]


words = st.lists(
    st.builds(Said, st.sampled_from(STAGES), instants(), st.none() | st.integers(1, 6)), max_size=3
)


def live(
    log: Sequence[Event], said: Sequence[Said], looks: Sequence[datetime]
) -> tuple[list[Move], State, list[Decision]]:
    """What a service does that knows each event when it is received, and looks now and then."""
    decisions: list[Decision] = []
    moves: list[Move] = []
    state, since = State(), None
    for now in sorted({*looks, *(one.at for one in said), NOW}):
        for one in said:
            if one.at == now:
                until = None if one.days is None else now + timedelta(days=one.days)
                decisions = [
                    d if d.ended_at else replace(d, ended_at=min(now, d.until or now))
                    for d in decisions
                ]
                decisions.append(Decision(stage=one.stage, at=now, until=until))
        known = [event for event in log if (event.received_at or NOW) <= now]
        found = look(
            AGREEMENT,
            Lead("x", {}, known),
            state=state,
            since=since,
            decisions=decisions,
            now=now,
        )
        moves += found.moves
        state, since = found.state, now
        decisions = settled(decisions, now=now)
    return moves, state, decisions


@settings(max_examples=150)
@given(log=logs(), said=words, looks=st.lists(instants(), max_size=8))
def test_moves_are_a_chain_and_the_stage_is_its_fold(
    log: list[Event], said: list[Said], looks: list[datetime]
) -> None:
    moves, state, decisions = live(log, said, looks)

    assert fold(moves) == state
    assert moves[0].from_stage == ""
    for before, after in pairwise(moves):
        assert after.from_stage == before.to_stage != after.to_stage
        assert before.decided_at <= after.decided_at
        assert before.at <= after.at
    assert all(move.at <= move.decided_at for move in moves)
    held = in_force(decisions, now=NOW)
    score = score_lead(AGREEMENT, Lead("x", {}, _known(log)), as_of=NOW)
    assert state.stage == (score.stage if held is None else held.stage)


@settings(max_examples=60)
@given(log=logs(), said=words, looks=st.lists(instants(), max_size=6))
def test_the_same_inputs_make_the_same_moves(
    log: list[Event], said: list[Said], looks: list[datetime]
) -> None:
    once = live(log, said, looks)

    assert live(list(reversed(log)), said, list(reversed(looks))) == once


@settings(max_examples=60)
@given(log=logs(), looks=st.lists(instants(), max_size=6), held=st.sampled_from(STAGES))
def test_a_word_without_end_holds_against_everything(
    log: list[Event], looks: list[datetime], held: str
) -> None:
    first = NOW - timedelta(days=21)

    moves, state, _ = live(log, [Said(held, first, None)], looks)

    assert state.stage == held
    assert [move.cause for move in moves] == [Cause.PERSON]


@settings(max_examples=60)
@given(log=logs(), looks=st.lists(instants(), max_size=6), days=st.integers(1, 20))
def test_who_is_freed_returns_to_what_the_score_says(
    log: list[Event], looks: list[datetime], days: int
) -> None:
    first = NOW - timedelta(days=21)

    moves, state, _ = live(log, [Said("hot", first, days)], looks)

    assert state.stage == score_lead(AGREEMENT, Lead("x", {}, _known(log)), as_of=NOW).stage
    assert sum(move.cause == Cause.PERSON for move in moves) == 1
    assert sum(move.cause == Cause.EXPIRED for move in moves) <= 1


def _known(log: Sequence[Event]) -> list[Event]:
    return [event for event in log if (event.received_at or NOW) <= NOW]
