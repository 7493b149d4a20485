"""Time acts at midnight: windows, every kind of decay, and nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from passerelle.core.history import Event
from tests.core.builders import (
    MICROSECOND,
    NOW,
    a_rule,
    ago,
    an_agreement,
    an_event,
    points,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PARIS, NEW_YORK = "Europe/Paris", "America/New_York"


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a date begins somewhere."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def worth(rule: dict[str, Any], *events: Event, at: datetime = NOW, **fields: Any) -> float:
    """What one rule gives."""
    return float(points(an_agreement(a_rule(**rule)), *events, at=at, **fields))


def test_a_window_of_thirty_days_holds_ages_0_to_29() -> None:
    rule = {"event": "page", "points": 5, "window": "30d"}

    kept = {age: worth(rule, an_event("page", at=ago(age))) for age in (0, 28, 29, 30, 31)}

    assert kept == {0: 5, 28: 5, 29: 5, 30: 0, 31: 0}


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, "Asia/Kolkata", "UTC", "Pacific/Apia"])
def test_a_window_closes_at_local_midnight_to_the_microsecond(zone: str) -> None:
    agreement = an_agreement(a_rule(event="page", points=5, window="30d"), timezone=zone)
    closes = midnight(date(2024, 6, 12), zone)
    opened = midnight(date(2024, 5, 13), zone)

    for occurred in (opened, opened + 13 * HOUR, opened + DAY - MICROSECOND):
        event = an_event("page", at=occurred)
        totals = [points(agreement, event, at=closes + n * MICROSECOND) for n in (-1, 0, 1)]
        assert totals == [5, 0, 0]
    late = an_event("page", at=opened + DAY)
    assert points(agreement, late, at=closes + MICROSECOND) == 5


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        (PARIS, date(2024, 3, 31)),
        (PARIS, date(2024, 10, 27)),
        (NEW_YORK, date(2024, 3, 10)),
        (NEW_YORK, date(2024, 11, 3)),
    ],
)
def test_days_are_dates_on_both_nights_on_which_the_clocks_change(zone: str, night: date) -> None:
    agreement = an_agreement(a_rule(event="page", points=5, window="1d"), timezone=zone)
    begins, ends = midnight(night, zone), midnight(night + DAY, zone)
    edges = (begins - MICROSECOND, begins, ends - MICROSECOND, ends)

    at_the_end = [
        points(agreement, an_event("page", at=at), at=ends - MICROSECOND) for at in edges[:3]
    ]
    after = [points(agreement, an_event("page", at=at), at=ends) for at in edges]

    assert ends - begins in (23 * HOUR, 25 * HOUR)
    assert at_the_end == [0, 5, 5]
    assert after == [0, 0, 0, 5]


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK])
def test_the_hour_that_happens_twice_is_one_day_in_order(zone: str) -> None:
    night = date(2024, 10, 27) if zone == PARIS else date(2024, 11, 3)
    agreement = an_agreement(a_rule(event="page", points=10, half_life="1d"), timezone=zone)
    twice = midnight(night, zone) + HOUR
    events = [an_event("page", at=twice), an_event("page", at=twice + HOUR)]

    assert points(agreement, *events, at=twice + 2 * HOUR) == 20
    assert points(agreement, *events, at=midnight(night + DAY, zone)) == 10


def test_between_two_midnights_only_events_move_a_score() -> None:
    rule = {"event": "page", "points": 10, "linear_decay": {"percent": 50, "per": "1mo"}}
    event = an_event("page", at=ago(10))
    day_begins = midnight(date(2024, 6, 12), PARIS)

    through_the_day = {worth(rule, event, at=day_begins + n * HOUR) for n in range(24)}

    assert len(through_the_day) == 1


@pytest.mark.parametrize(
    ("decay", "by_age"),
    [
        ({"half_life": "30d"}, {0: 16, 15: 11.313708498985, 30: 8, 60: 4, 90: 2}),
        (
            {"linear_decay": {"percent": 50, "per": "1mo"}},
            {0: 16, 15: 12, 29: 8.266666666667, 30: 8, 60: 0, 61: 0, 600: 0},
        ),
        (
            {"linear_decay": {"percent": 100, "per": "90d"}},
            {0: 16, 45: 8, 89: 0.177777777778, 90: 0},
        ),
        (
            {"step_decay": {"percent": 25, "every": "7d"}},
            {0: 16, 6: 16, 7: 12, 13: 12, 14: 8, 27: 4, 28: 0, 99: 0},
        ),
        ({"expires": "90d"}, {0: 16, 89: 16, 90: 0}),
        ({"window": "90d"}, {0: 16, 89: 16, 90: 0}),
        ({"half_life": "30d", "window": "60d"}, {30: 8, 59: 4.093495567987, 60: 0}),
        ({}, {0: 16, 4000: 16}),
    ],
)
def test_points_fade_by_age_as_their_decay_says(
    decay: dict[str, Any], by_age: dict[int, float]
) -> None:
    rule = {"event": "page", "points": 16, **decay}

    left = {age: worth(rule, an_event("page", at=ago(age))) for age in by_age}

    assert left == pytest.approx(by_age, abs=1e-11)


def test_fifty_percent_a_month_takes_ten_to_five() -> None:
    rule = {"event": "page", "points": 10, "linear_decay": {"percent": 50, "per": "1mo"}}

    assert worth(rule, an_event("page", at=ago(30))) == 5


def test_bad_points_fade_towards_nothing_too() -> None:
    rule = {"event": "email_bounced", "points": -20, "half_life": "30d"}

    left = [worth(rule, an_event("email_bounced", at=ago(age))) for age in (0, 30, 60)]

    assert left == [-20, -10, -5]


def test_each_event_fades_for_itself() -> None:
    rule = {"event": "page", "points": 8, "half_life": "30d"}

    assert worth(rule, an_event("page", at=ago(30)), an_event("page", at=ago(60))) == 4 + 2
