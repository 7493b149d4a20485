"""Fast tracks and disqualifiers, and where their stages stand on the ladder."""

from __future__ import annotations

from datetime import timedelta

from passerelle.core.standing import ladder, rank
from tests.core.builders import (
    NOW,
    a_change,
    ago,
    an_agreement,
    an_event,
    shortcuts,
    stage,
    standing,
)

DAY = timedelta(days=1)


def test_the_hand_off_stands_after_the_scored_stages_and_sql_after_it() -> None:
    assert ladder(shortcuts()) == ("mql", "handoff", "sql", "won")


def test_a_stage_called_sql_stands_once_and_where_it_is_written() -> None:
    agreement = an_agreement(
        stages={"mql": {"when": {"total": ">=50"}}, "sql": {"when": {"total": ">80"}}},
        qualification={"sql": {"requires": ["accepted"]}},
    )

    assert ladder(agreement) == ("mql", "sql")


def test_a_stage_that_asks_for_the_qualification_stands_in_its_place() -> None:
    agreement = an_agreement(
        stages={"mql": {"when": {"total": ">=50"}}, "ready": {"when": {"qualified": True}}},
        qualification={"sql": {"requires": ["accepted"]}},
    )

    assert ladder(agreement) == ("mql", "ready")


def test_below_the_ladder_stand_the_lead_the_nurtured_and_the_disqualified() -> None:
    stages = ("disqualified", "nurturing", "lead", *ladder(shortcuts()))

    assert [rank(shortcuts(), stage) for stage in stages] == [-2, -1, 0, 1, 2, 3, 4]


def test_a_fast_track_leads_where_it_says_on_its_clock() -> None:
    demo = standing(shortcuts(), an_event("demo_requested"))
    friend = standing(shortcuts(), source="customer_referral")
    vip = standing(shortcuts(), an_event("invited"))

    assert (demo.stage, demo.fast_track, demo.clock) == ("handoff", "demo", "hot")
    assert (friend.stage, friend.fast_track, friend.clock) == ("handoff", "friend", None)
    assert (vip.stage, vip.fast_track, vip.clock) == ("mql", "vip", "warm")


def test_a_fast_track_closes_with_its_window_at_midnight() -> None:
    demo = an_event("demo_requested", at=ago(29))

    assert stage(shortcuts(), demo) == "handoff"
    assert stage(shortcuts(), demo, at=NOW + timedelta(hours=11, minutes=59)) == "handoff"
    assert stage(shortcuts(), demo, at=NOW + timedelta(hours=12)) == "lead"


def test_a_stage_above_a_fast_track_wins_and_has_no_clock() -> None:
    found = standing(shortcuts(), an_event("demo_requested"), an_event("deal_won"))

    assert (found.stage, found.fast_track, found.clock) == ("won", None, None)


def test_a_disqualifier_wins_over_everything() -> None:
    events = [an_event("demo_requested"), an_event("deal_won")]

    by_field = standing(shortcuts(), *events, email="x@eu.rival.example")
    by_event = standing(shortcuts(), *events, an_event("outbound_replied", sentiment="Stop"))

    assert (by_field.stage, by_field.disqualified) == ("disqualified", "rival")
    assert (by_event.stage, by_event.disqualified) == ("disqualified", "stop")


def test_a_disqualifier_of_a_field_ends_when_the_field_changes() -> None:
    moved = a_change("email", "x@friend.example", at=ago(1))

    assert stage(shortcuts(), moved, email="x@rival.example", at=ago(2)) == "disqualified"
    assert stage(shortcuts(), moved, email="x@rival.example") == "lead"
