"""Overrides set arithmetic aside: they force, keep a floor, set, or freeze."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.core.builders import (
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    entries,
    points,
    score,
)


def overridden(**override: Any) -> Mapping[str, Any]:
    return {"overrides": [{"key": "over", **override}]}


def test_a_forced_level_is_what_it_says_and_the_ledger_says_by_how_much() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=30),
        **overridden(field="email", domain_in=["gmail.com"], force={"engagement": 5, "total": 1}),
    )

    levels = score(agreement, a_lead(an_event("page"), email="a@gmail.com")).levels

    assert (levels.of("engagement"), levels.total) == (Decimal(5), Decimal(1))
    assert entries(levels, "engagement")[("override", "over")] == -25
    assert entries(levels, "total")[("override", "over")] == -4


def test_a_floor_lifts_what_is_lower_and_leaves_what_is_higher() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=30), **overridden(event="trial_requested", floor=50)
    )
    trial = an_event("trial_requested", at=ago(1))
    pages = [an_event("page", id=str(n)) for n in range(2)]

    assert points(agreement, trial, pages[0]) == 50
    assert points(agreement, trial, *pages) == 60
    assert points(agreement, pages[0]) == 30


def test_of_two_that_force_the_first_written_wins() -> None:
    agreement = an_agreement(
        overrides=[
            {"key": "low", "field": "phone", "present": True, "force": 10},
            {"key": "high", "field": "phone", "present": True, "force": 90},
            {"key": "floor", "field": "phone", "present": True, "floor": 50},
        ]
    )

    assert points(agreement, phone="1") == 10


def test_an_override_ends_with_its_window_at_midnight() -> None:
    agreement = an_agreement(**overridden(event="trial_requested", force=50, window="7d"))

    assert points(agreement, an_event("trial_requested", at=ago(6))) == 50
    assert points(agreement, an_event("trial_requested", at=ago(7))) == 0


def test_a_set_forgets_what_came_before_and_counts_what_comes_after() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10),
        overrides=[
            {"key": "reset", "event": "recycled", "set": {"engagement": 0}},
            {"key": "lift", "event": "lifted", "set": {"engagement": 7}},
        ],
    )
    before, reset = an_event("page", at=ago(3)), an_event("recycled", at=ago(2))
    twin, after = an_event("page", at=ago(2)), an_event("page", at=ago(1))

    assert points(agreement, before, reset) == 0
    assert points(agreement, before, reset, twin) == 0
    assert points(agreement, before, reset, after) == 10
    assert points(agreement, before, reset, an_event("lifted", at=ago(1)), an_event("page")) == 17
    assert points(agreement, before, reset, at=ago(2.5)) == 10


def test_a_set_forgets_the_burst_before_it_and_not_the_one_that_ends_after_it() -> None:
    agreement = an_agreement(
        a_rule(velocity={"events": "page", "at_least": 2, "within": "3d"}, points=8),
        **overridden(event="recycled", set={"engagement": 1}),
    )
    burst = [an_event("page", at=ago(4)), an_event("page", at=ago(3))]
    reset = an_event("recycled", at=ago(2))

    assert points(agreement, *burst) == 8
    assert points(agreement, *burst, reset) == 1
    assert points(agreement, *burst, reset, an_event("page", at=ago(1))) == 9


def test_a_set_to_nothing_stands_in_the_ledger() -> None:
    agreement = an_agreement(
        overrides=[{"key": "reset", "event": "recycled", "set": {"engagement": 0}}]
    )

    levels = score(agreement, a_lead(an_event("recycled"))).levels

    assert entries(levels, "engagement") == {("set", "reset"): 0}


def test_a_dimension_that_was_set_is_scored() -> None:
    agreement = an_agreement(
        dimensions={"engagement": {"range": [0, 100], "unscored": 35}},
        overrides=[{"key": "reset", "event": "recycled", "set": {"engagement": 3}}],
    )

    assert points(agreement, an_event("recycled")) == 3
    assert points(agreement) == 35


def test_of_two_settings_at_one_instant_the_one_written_later_wins() -> None:
    low = {"key": "low", "event": "lowered", "set": {"engagement": 1}}
    high = {"key": "high", "event": "lifted", "set": {"engagement": 9}}
    both = [an_event("lifted"), an_event("lowered")]

    assert points(an_agreement(overrides=[low, high]), *both) == 9
    assert points(an_agreement(overrides=[high, low]), *both) == 1


def test_each_dimension_is_set_by_its_own_events() -> None:
    agreement = an_agreement(
        dimensions={"fit": {"range": [0, 100]}, "engagement": {"range": [0, 100]}},
        overrides=[
            {"key": "known", "event": "identified", "set": {"fit": 40}},
            {"key": "reset", "event": "recycled", "set": {"engagement": 3}},
        ],
    )

    levels = score(agreement, a_lead(an_event("identified"), an_event("recycled"))).levels

    assert levels.dimensions == {"fit": 40, "engagement": 3}


@pytest.mark.parametrize("effect", [{"set": {"engagement": 0}}, {"freeze": True}])
def test_only_an_event_that_passes_the_tests_sets_or_freezes(effect: dict[str, Any]) -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10),
        **overridden(event="paused", where={"by": "sales"}, **effect),
    )
    before, after = an_event("page", at=ago(3)), an_event("page")

    by_marketing = points(agreement, before, an_event("paused", at=ago(2), by="marketing"), after)
    by_sales = points(agreement, before, an_event("paused", at=ago(2), by="sales"), after)

    assert [by_marketing, by_sales] == [20, 10]


def test_what_was_first_before_a_set_does_not_become_first_again() -> None:
    agreement = an_agreement(
        a_rule(event="download", points=10, first_only="asset"),
        overrides=[{"key": "reset", "event": "recycled", "set": {"engagement": 0}}],
    )
    events = [
        an_event("download", at=ago(3), asset="a"),
        an_event("recycled", at=ago(2)),
        an_event("download", at=ago(1), asset="a"),
    ]

    assert points(agreement, *events) == 0
    assert points(agreement, *events, an_event("download", asset="b")) == 10


def test_a_score_freezes_thaws_and_freezes_again() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10, half_life="1d"),
        **overridden(event="frozen", freeze=True, until=["thawed"]),
    )
    story = [
        an_event("page", at=ago(8)),
        an_event("frozen", at=ago(7)),  # at 5
        an_event("page", at=ago(6)),
        an_event("frozen", at=ago(5)),  # again: still the first
        an_event("thawed", at=ago(4)),  # 10/16 + 10/4
        an_event("frozen", at=ago(3)),  # 10/32 + 10/8
        an_event("page", at=ago(2)),
    ]

    totals = {
        age: float(points(agreement, *story, at=ago(age))) for age in (8, 7, 6, 5, 4, 3, 2, 0)
    }

    assert totals == {
        8: 10,
        7: 5,
        6: 5,
        5: 5,
        4: 3.125,
        3: 1.5625,
        2: 1.5625,
        0: 1.5625,
    }


def test_a_thaw_at_the_instant_of_the_freeze_wins() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10),
        **overridden(event="frozen", freeze=True, until=["thawed"]),
    )
    both = [an_event("frozen", at=ago(2)), an_event("thawed", at=ago(2))]

    assert points(agreement, *both, an_event("page")) == 10
    assert points(agreement, *reversed(both), an_event("page")) == 10


def test_a_frozen_score_says_since_when() -> None:
    agreement = an_agreement(**overridden(event="frozen", freeze=True))

    levels = score(agreement, a_lead(an_event("frozen", at=ago(7)))).levels

    assert levels.as_of == ago(7)
