"""Which occurrences count: first only, then cool-down, then limit, settled when they happen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from passerelle.core.counting import grants, period_of
from passerelle.core.history import Event, seen_events
from passerelle.core.ledger import Contribution
from passerelle.core.log import Log
from passerelle.core.rules import EventRule
from tests.core.builders import (
    MICROSECOND,
    NOW,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    points,
    score,
)

HOUR = timedelta(hours=1)


def granted(rule: dict[str, object], *events: Event) -> list[float]:
    """The points of each occurrence that counted, in order of time."""
    agreement = an_agreement(a_rule(**rule))
    known = agreement.rules[0]
    assert isinstance(known, EventRule)
    return [
        float(g.points) for g in grants(Log(agreement, {}, seen_events(agreement, events)), known)
    ]


def test_each_event_of_the_names_counts_and_no_other() -> None:
    rule = {"event": ["download", "form_submitted"], "points": 3}

    got = granted(rule, *(an_event(n) for n in ("download", "page", "form_submitted", "downloads")))

    assert got == [3, 3]


def test_a_star_is_any_event() -> None:
    got = granted({"event": "*", "points": 1}, an_event("page"), an_event("anything_else"))

    assert got == [1, 1]


def test_every_test_of_the_properties_must_hold() -> None:
    rule = {"event": "page", "where": {"path": "/pricing*", "seconds": ">=30"}, "points": 5}

    got = granted(
        rule,
        an_event("page", path="/pricing", seconds=30),
        an_event("page", path="/pricing", seconds=29),
        an_event("page", path="/pricing"),
        an_event("page", path="/blog", seconds=90),
        an_event("page", path="/PRICING/team", seconds="45"),
    )

    assert got == [5, 5]


def test_the_first_content_that_matches_names_kind_and_phase() -> None:
    agreement = an_agreement(
        a_rule(event="page", where={"kind": "special"}, points=1),
        content=[
            {"path": "/pricing/special", "kind": "special", "phase": "decision"},
            {"path": "/pricing*", "kind": "pricing", "phase": "decision"},
        ],
    )

    assert points(agreement, an_event("page", path="/pricing/special")) == 1
    assert points(agreement, an_event("page", path="/pricing")) == 0


def test_first_only_counts_once_for_a_person() -> None:
    rule = {"event": "page", "points": 2, "first_only": "person"}

    assert granted(rule, *(an_event("page", at=ago(n)) for n in (300, 3, 2))) == [2]


def test_first_only_counts_once_for_each_value_and_never_without_one() -> None:
    rule = {"event": "download", "points": 2, "first_only": "asset"}

    got = granted(
        rule,
        an_event("download", at=ago(5), asset="a"),
        an_event("download", at=ago(4), asset="b"),
        an_event("download", at=ago(3), asset="a"),
        an_event("download", at=ago(2)),
        an_event("download", at=ago(1), asset=""),
    )

    assert got == [2, 2]


def test_the_first_stays_the_first_when_its_window_has_closed() -> None:
    agreement = an_agreement(a_rule(event="page", points=2, first_only="person", window="30d"))
    old, new = an_event("page", at=ago(40)), an_event("page", at=ago(1))

    assert points(agreement, old, new) == 0
    assert points(agreement, new) == 2


@pytest.mark.parametrize(
    ("apart", "counted"),
    [
        (timedelta(days=7) - MICROSECOND, 1),
        (timedelta(days=7), 2),
        (timedelta(days=7) + MICROSECOND, 2),
    ],
)
def test_a_cool_down_is_exact_to_the_microsecond(apart: timedelta, counted: int) -> None:
    rule = {"event": "page", "points": 1, "cool_down": "7d"}

    got = granted(rule, an_event("page", at=NOW - apart), an_event("page", at=NOW))

    assert len(got) == counted


def test_a_cool_down_is_greedy_and_counts_from_the_last_that_counted() -> None:
    rule = {"event": "page", "points": 1, "cool_down": "7d"}
    days = (0, 4, 8, 12, 16)

    got = granted(rule, *(an_event("page", at=NOW + timedelta(days=n)) for n in days))

    assert len(got) == 3  # days 0, 8 and 16; day 4 and 12 are too near, and cool nothing down


def test_a_cool_down_is_a_duration_and_not_a_number_of_dates() -> None:
    before_the_clocks_change = datetime(2024, 3, 30, 11, tzinfo=UTC)  # noon in Paris
    same_wall_time = datetime(2024, 3, 31, 10, tzinfo=UTC)  # noon again, 23 hours later
    rule = {"event": "page", "points": 1, "cool_down": "1d"}

    got = granted(
        rule, an_event("page", at=before_the_clocks_change), an_event("page", at=same_wall_time)
    )

    assert got == [1]


def test_a_limit_in_points_gives_the_last_one_in_part() -> None:
    rule = {"event": "page", "points": 2, "limit": {"points": 5, "per": "day"}}

    got = granted(rule, *(an_event("page", at=NOW + n * HOUR) for n in range(5)))

    assert got == [2, 2, 1]


def test_a_limit_that_is_used_up_gives_nothing_more() -> None:
    rule = {"event": "page", "points": 2, "limit": {"points": 4, "per": "day"}}

    assert granted(rule, *(an_event("page", at=NOW + n * HOUR) for n in range(5))) == [2, 2]


def test_a_limit_holds_bad_points_too() -> None:
    rule = {"event": "email_bounced", "points": -2, "limit": {"points": 5, "per": "day"}}

    got = granted(rule, *(an_event("email_bounced", at=NOW + n * HOUR) for n in range(5)))

    assert got == [-2, -2, -1]


def test_a_limit_smaller_than_one_occurrence_gives_a_part_of_it() -> None:
    rule = {"event": "page", "points": 10, "limit": {"points": "2.5", "per": "ever"}}

    assert granted(rule, an_event("page"), an_event("page", at=NOW + HOUR)) == [2.5]


def test_a_limit_in_times_counts_occurrences() -> None:
    rule = {"event": "page", "points": 7, "limit": {"times": 2, "per": "ever"}}

    assert granted(rule, *(an_event("page", at=ago(n)) for n in (400, 200, 100))) == [7, 7]


@pytest.mark.parametrize(
    ("per", "begins"),
    [
        ("day", date(2024, 6, 12)),
        ("week", date(2024, 6, 10)),
        ("month", date(2024, 6, 1)),
        ("day", date(2024, 3, 31)),  # the clocks go forward that night
        ("day", date(2024, 4, 1)),
        ("day", date(2024, 10, 28)),  # they went back the night before
    ],
)
def test_a_period_ends_at_local_midnight(per: str, begins: date) -> None:
    rule = {"event": "page", "points": 1, "limit": {"times": 1, "per": per}}
    midnight = datetime.combine(begins, time(), ZoneInfo("Europe/Paris")).astimezone(UTC)
    before = midnight - MICROSECOND

    assert granted(rule, an_event("page", at=before), an_event("page", at=midnight)) == [1, 1]
    assert granted(rule, an_event("page", at=before - HOUR), an_event("page", at=before)) == [1]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    sunday = date(2024, 6, 16)

    assert period_of(sunday, "day") == sunday
    assert period_of(sunday, "week") == date(2024, 6, 10)
    assert period_of(sunday, "month") == date(2024, 6, 1)
    assert period_of(sunday, "ever") is None
    assert period_of(date(2025, 1, 1), "week") == date(2024, 12, 30)


def test_first_only_comes_before_cool_down_and_cool_down_before_limit() -> None:
    rule = {
        "event": "download",
        "points": 1,
        "first_only": "asset",
        "cool_down": "2h",
        "limit": {"times": 2, "per": "day"},
    }
    at = datetime(2024, 6, 12, 6, tzinfo=UTC)
    taken = [(0, "a"), (2, "a"), (3, "b"), (4, "c"), (5, "d"), (8, "e")]

    got = granted(rule, *(an_event("download", at=at + h * HOUR, asset=a) for h, a in taken))

    # a at 0; a again is not the first; b at 3; c is too near to b; d at 5 would be the third
    assert got == [1, 1]
    assert (
        len(
            granted(
                rule | {"limit": None},
                *(an_event("download", at=at + h * HOUR, asset=a) for h, a in taken),
            )
        )
        == 4
    )


def test_what_comes_later_never_changes_what_an_earlier_event_gave() -> None:
    rule = {"event": "page", "points": 2, "cool_down": "1h", "limit": {"points": 5, "per": "week"}}
    events = [an_event("page", at=NOW + timedelta(minutes=25 * n)) for n in range(20)]

    for known in range(len(events)):
        assert granted(rule, *events)[: len(granted(rule, *events[:known]))] == granted(
            rule, *events[:known]
        )


def test_an_event_counts_between_two_dates_both_included() -> None:
    rule = {"event": "page", "points": 1, "valid": {"from": "2024-06-10", "until": "2024-06-12"}}
    midnight = datetime(2024, 6, 9, 22, tzinfo=UTC)
    end = datetime(2024, 6, 12, 22, tzinfo=UTC)
    instants = (midnight - MICROSECOND, midnight, end - MICROSECOND, end)

    got = [len(granted(rule, an_event("page", at=at))) for at in instants]

    assert got == [0, 1, 1, 0]


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (2, 0), (3, 5), (5, 5), (6, 0), (7, 9)])
def test_counts_give_points_by_number_and_none_between_bands(number: int, expected: int) -> None:
    agreement = an_agreement(a_rule(event="page", counts={"3..5": 5, ">=7": 9}))

    got = points(agreement, *(an_event("page", at=ago(n)) for n in range(number)))

    assert got == expected


def test_counts_may_give_points_for_none_at_all_which_nothing_explains() -> None:
    agreement = an_agreement(a_rule(event="page", counts={"0": -5, ">=1": 5}))

    (none,) = score(agreement, a_lead()).levels.worths

    assert none.contributions == (Contribution(Decimal(-5), Decimal(-5), None),)
    assert points(agreement, an_event("page")) == 5


def test_counts_look_at_the_window_only() -> None:
    agreement = an_agreement(a_rule(event="page", counts={">=2": 5}, window="30d"))
    recent, old, older = (an_event("page", at=ago(n)) for n in (29, 30, 31))

    assert points(agreement, recent, old, older) == 0
    assert points(agreement, recent, an_event("page")) == 5


def test_events_at_one_instant_all_count_and_a_cool_down_lets_one_through() -> None:
    twins = [an_event("page", id=name) for name in "abc"]

    assert granted({"event": "page", "points": 1}, *twins) == [1, 1, 1]
    assert granted({"event": "page", "points": 1, "cool_down": "1s"}, *twins) == [1]
    assert granted(
        {"event": "page", "points": 2, "limit": {"points": 3, "per": "day"}}, *twins
    ) == [2, 1]


def test_the_order_of_arrival_does_not_matter() -> None:
    rule = {"event": "page", "points": 1, "first_only": "asset", "cool_down": "1d"}
    events = [an_event("page", at=ago(n / 3), id=str(n), asset=str(n % 3)) for n in range(9)]

    assert granted(rule, *events) == granted(rule, *reversed(events))
    assert Decimal(len(granted(rule, *events))) == points(an_agreement(a_rule(**rule)), *events)
