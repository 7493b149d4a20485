"""Moves between stages: their causes, their evidence, and what a person decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.lifecycle import BrokenChain, Cause, Decision, Move, State, fold
from passerelle.core.lifecycle_look import Look, look
from tests.core.builders import (
    NOW,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    assessed,
    shortcuts,
)

HOUR = timedelta(hours=1)
POINTS = an_agreement(
    a_rule(key="page", event="page", points=30, window="10d"),
    stages={"mql": {"when": {"total": ">=50"}, "falls_below": 25}, "hot": {"when": {"total": 80}}},
)


def looked(
    agreement: Agreement,
    *events: Event,
    state: State = State(),  # noqa: B008  # frozen
    since: datetime | None = None,
    now: datetime = NOW,
    **others: Any,
) -> Look:
    return look(agreement, a_lead(*events), state=state, since=since, now=now, **others)


def page(at: datetime, number: int = 1) -> Event:
    return an_event("page", at=at, id=f"page-{number}")


def standing(stage: str, since: datetime) -> State:
    return State(stage, since, since, 1)


def test_the_first_move_comes_from_nowhere() -> None:
    found = looked(POINTS, page(ago(1)))

    (move,) = found.moves
    assert (move.from_stage, move.to_stage, move.cause) == ("", "lead", Cause.SCORE)
    assert (move.at, move.decided_at) == (NOW, NOW)
    assert found.state == State("lead", NOW, NOW, 1)


def test_a_lead_that_stays_makes_no_move() -> None:
    found = looked(POINTS, page(ago(0.01)), state=standing("lead", ago(1)), since=ago(1))

    assert found.moves == ()
    assert found.state == standing("lead", ago(1))


def test_a_rise_tells_total_line_rules_and_event() -> None:
    raised = NOW - HOUR

    found = looked(
        POINTS, page(ago(3)), page(raised, 2), state=standing("lead", ago(3)), since=ago(0.2)
    )

    (move,) = found.moves
    assert (move.from_stage, move.to_stage, move.cause) == ("lead", "mql", Cause.SCORE)
    assert (move.at, move.decided_at) == (raised, NOW)
    assert move.evidence == {
        "levels": {"total": "60"},
        "lines": {"total": ">=50"},
        "rules": [["page", "60"]],
        "event": {"id": "page-2", "name": "page", "at": raised.isoformat()},
    }


def test_a_fall_tells_the_line_that_is_missed_and_waits_for_it() -> None:
    above = looked(POINTS, page(ago(3)), state=standing("mql", ago(3)), since=ago(0.2))
    below = looked(POINTS, state=standing("mql", ago(3)), since=ago(0.2))

    # alone, 30 points never made an MQL, and no memory says that they had
    assert [m.to_stage for m in above.moves] == ["lead"]
    (move,) = below.moves
    assert move.evidence == {"levels": {"total": "0"}, "missed": {"total": ">=25"}}


def test_between_the_lines_a_lead_stays_where_it_is() -> None:
    events = [page(ago(11)), page(ago(5), 2)]  # 60 points until the night before last, then 30

    stayed = looked(POINTS, *events, state=standing("mql", ago(5)), since=ago(0.2))

    assert stayed.score.total == 30
    assert stayed.moves == ()


def test_nights_that_nobody_acted_on_are_moves_of_their_own() -> None:
    old, new = [page(ago(11)), page(ago(10.9), 2)], [page(ago(0.05), 3), page(ago(0.04), 4)]

    found = looked(POINTS, *old, *new, state=standing("mql", ago(10)), since=ago(2.5))

    assert [(m.from_stage, m.to_stage) for m in found.moves] == [("mql", "lead"), ("lead", "mql")]
    fallen, risen = found.moves
    assert fallen.at == POINTS.midnight(POINTS.day(ago(1)))
    assert risen.at == new[1].occurred_at
    assert {m.decided_at for m in found.moves} == {NOW}


@pytest.mark.parametrize("since", [NOW - HOUR, ago(3)])
def test_a_late_event_moves_from_now_on(since: datetime) -> None:
    late = [an_event("page", at=ago(n), id=str(n), received_at=NOW) for n in (5, 4)]

    found = looked(POINTS, *late, state=standing("lead", ago(9)), since=since)

    (move,) = found.moves
    assert (move.to_stage, move.at) == ("mql", NOW)


@pytest.mark.parametrize(
    ("events", "stage", "cause", "key"),
    [
        ([an_event("demo_requested", at=ago(0.1), id="d")], "handoff", Cause.FAST_TRACK, "demo"),
        (
            [an_event("outbound_replied", at=ago(0.1), id="r", sentiment="stop")],
            "disqualified",
            Cause.DISQUALIFIED,
            "stop",
        ),
        (
            [an_event("returned", at=ago(0.1), id="b", reason="bad_timing")],
            "nurturing",
            Cause.RECYCLED,
            "bad_timing",
        ),
        (
            [
                *assessed("budget", "authority", "need", "timing", at=ago(0.1)),
                an_event("accepted", at=ago(0.1), id="a"),
            ],
            "sql",
            Cause.QUALIFIED,
            None,
        ),
    ],
)
def test_the_cause_is_what_put_the_lead_there(
    events: list[Event], stage: str, cause: Cause, key: str | None
) -> None:
    found = looked(shortcuts(), *events, state=standing("lead", ago(9)), since=ago(0.2))

    (move,) = found.moves
    assert (move.to_stage, move.cause) == (stage, cause)
    told = {move.evidence.get(what) for what in ("fast_track", "disqualified", "recycled")}
    assert key is None or key in told
    assert move.at == ago(0.1)


def test_what_was_given_back_comes_up_again_by_new_points() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=60),
        recycle={"after": {"bad_timing": "2d"}, "rearm": {"new_points": 10}},
    )
    back = [page(ago(9)), an_event("returned", at=ago(8), id="b", reason="bad_timing")]
    rested = looked(agreement, *back, state=standing("nurturing", ago(8)), since=ago(1))
    again = looked(
        agreement, *back, page(ago(0.1), 2), state=standing("nurturing", ago(8)), since=ago(1)
    )

    assert rested.moves == ()  # the same old points never make the same MQL twice
    assert [(m.to_stage, m.cause) for m in again.moves] == [("mql", Cause.SCORE)]


def test_a_decision_goes_before_the_score_until_it_expires() -> None:
    mine = Decision(stage="hot", at=ago(2), until=NOW - HOUR, key="7")
    during = looked(
        POINTS, state=standing("lead", ago(9)), since=ago(2), now=ago(2), decisions=[mine]
    )
    after = looked(POINTS, state=during.state, since=ago(0.1), decisions=[mine])

    assert [(m.to_stage, m.cause) for m in during.moves] == [("hot", Cause.PERSON)]
    assert during.moves[0].evidence["decision"] == "7"
    (move,) = after.moves
    assert (move.to_stage, move.cause, move.at) == ("lead", Cause.EXPIRED, NOW - HOUR)


def test_a_decision_that_is_lifted_hands_back_to_the_score() -> None:
    lifted = Decision(stage="hot", at=ago(2), ended_at=NOW, key="7")

    found = looked(POINTS, state=standing("hot", ago(2)), since=ago(0.1), decisions=[lifted])

    assert [(m.to_stage, m.cause) for m in found.moves] == [("lead", Cause.PERSON)]


def test_a_decision_long_gone_is_no_cause_any_more() -> None:
    gone = Decision(stage="mql", at=ago(9), until=ago(8), ended_at=ago(8))

    found = looked(POINTS, state=standing("mql", ago(9)), since=ago(0.1), decisions=[gone])

    assert [(m.to_stage, m.cause) for m in found.moves] == [("lead", Cause.SCORE)]


def test_the_latest_decision_replaces_those_before() -> None:
    words = [Decision(stage="hot", at=ago(3)), Decision(stage="mql", at=ago(2))]

    found = looked(POINTS, state=standing("lead", ago(9)), since=ago(3), decisions=words)

    assert [m.to_stage for m in found.moves][-1] == "mql"


def test_another_system_decides_as_a_person_does() -> None:
    theirs = Decision(stage="hot", at=ago(0.1), cause=Cause.CRM)

    found = looked(POINTS, state=standing("lead", ago(9)), since=ago(0.2), decisions=[theirs])

    assert [(m.to_stage, m.cause, m.at) for m in found.moves] == [("hot", Cause.CRM, ago(0.1))]


def test_moves_that_are_no_chain_are_refused() -> None:
    first = _move("", "lead")

    assert fold([first, replace(first, from_stage="lead", to_stage="mql")]).moves == 2
    for broken in (
        [_move("lead", "mql")],
        [first, _move("mql", "hot")],
        [first, _move("lead", "lead")],
        [first, replace(_move("lead", "mql"), decided_at=ago(1))],
    ):
        with pytest.raises(BrokenChain):
            fold(broken)


def _move(here: str, there: str) -> Move:
    return Move(
        from_stage=here,
        to_stage=there,
        cause=Cause.SCORE,
        at=NOW,
        decided_at=NOW,
        agreement=POINTS.version,
        total=looked(POINTS).score.total,
    )


def test_a_lead_without_events_stands_at_the_bottom() -> None:
    found = look(POINTS, Lead("nobody"), state=State(), since=None, now=NOW)

    assert found.state.stage == "lead"
