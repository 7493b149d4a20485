"""Visits: events of the site with less than a gap between one and the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from passerelle.core.history import Event, seen_events
from passerelle.core.visits import visit_marks
from tests.core.builders import MICROSECOND, NOW, a_rule, an_agreement, an_event, points

GAP = timedelta(minutes=30)
DAY = timedelta(days=1)
LATER = NOW + 400 * DAY


def pages(*after: timedelta, path: str = "/") -> list[Event]:
    return [an_event("page", at=NOW + span, path=path) for span in after]


def visits(rule: dict[str, Any], *events: Event, **parts: Any) -> float:
    agreement = an_agreement(a_rule(points=1, **rule), **parts)
    return float(points(agreement, *events, at=LATER))


@pytest.mark.parametrize(
    ("apart", "number"), [(GAP - MICROSECOND, 1), (GAP, 2), (GAP + MICROSECOND, 2)]
)
def test_a_gap_ends_a_visit_to_the_microsecond(apart: timedelta, number: int) -> None:
    assert visits({"visit": {}}, *pages(timedelta(), apart)) == number


def test_a_visit_may_be_long_when_no_gap_is() -> None:
    steady = [n * (GAP - MICROSECOND) for n in range(20)]

    assert visits({"visit": {}}, *pages(*steady)) == 1


def test_the_agreement_says_what_a_visit_is() -> None:
    events = [*pages(timedelta(), 5 * GAP), an_event("app_opened", at=NOW + 2 * GAP)]

    assert visits({"visit": {}}, *events) == 2
    assert visits({"visit": {}}, *events, visits={"gap": "3h"}) == 1
    assert visits({"visit": {}}, *events, visits={"events": ["page", "app_opened"]}) == 3


@pytest.mark.parametrize(
    ("away", "after", "within", "both"),
    [
        (DAY - MICROSECOND, 0, 1, 0),
        (DAY, 1, 1, 1),
        (7 * DAY - MICROSECOND, 1, 1, 1),
        (7 * DAY, 1, 0, 0),
    ],
)
def test_returns_after_and_within_are_half_open(
    away: timedelta, after: int, within: int, both: int
) -> None:
    events = pages(timedelta(), away)

    assert visits({"visit": {"after": "1d"}}, *events) == after
    assert visits({"visit": {"within": "7d"}}, *events) == within
    assert visits({"visit": {"after": "1d", "within": "7d"}}, *events) == both


def test_the_first_visit_is_no_return() -> None:
    assert visits({"visit": {"within": "7d"}}, *pages(timedelta())) == 0


def test_an_absence_is_counted_from_the_last_event_of_the_visit_before() -> None:
    long_visit = [n * timedelta(minutes=20) for n in range(4)]
    back = long_visit[-1] + DAY - MICROSECOND

    assert visits({"visit": {"after": "1d"}}, *pages(*long_visit, back)) == 0
    assert visits({"visit": {"after": "1d"}}, *pages(*long_visit, back + MICROSECOND)) == 1


def test_a_visit_lasts_once_and_only_when_an_event_shows_it() -> None:
    five = timedelta(minutes=5)

    assert visits({"visit": {"lasts": "5m"}}, *pages(timedelta())) == 0
    assert visits({"visit": {"lasts": "5m"}}, *pages(timedelta(), five - MICROSECOND)) == 0
    assert visits({"visit": {"lasts": "5m"}}, *pages(timedelta(), five)) == 1
    assert visits({"visit": {"lasts": "5m"}}, *pages(timedelta(), five, 2 * five)) == 1
    assert visits({"visit": {"lasts": "5m"}}, *pages(timedelta(), five, five, five)) == 1


def test_each_visit_lasts_for_itself() -> None:
    one = [timedelta(), timedelta(minutes=6)]
    two = [span + DAY for span in one]

    assert visits({"visit": {"lasts": "5m"}}, *pages(*one, *two)) == 2


def test_what_is_asked_of_a_visit_is_asked_of_the_event_at_which_it_happens() -> None:
    events = [*pages(timedelta(), path="/pricing"), *pages(DAY, path="/blog")]

    assert visits({"visit": {}, "where": {"path": "/pricing"}}, *events) == 1
    assert visits({"visit": {"after": "1h"}, "where": {"path": "/pricing"}}, *events) == 0


def test_events_at_one_instant_are_one_visit_that_has_not_lasted() -> None:
    twins = [an_event("page", id=name) for name in "abc"]
    agreement = an_agreement()

    marks = visit_marks(agreement.visits, seen_events(agreement, twins))

    assert [(m.number, m.begins, m.elapsed) for m in marks] == [
        (0, True, timedelta()),
        (0, False, timedelta()),
        (0, False, timedelta()),
    ]


def test_each_event_knows_its_visit_and_how_long_that_had_lasted_before_it() -> None:
    minute = timedelta(minutes=1)
    agreement = an_agreement()
    events = pages(timedelta(), 2 * minute, 5 * minute, DAY, 2 * DAY)

    marks = visit_marks(agreement.visits, seen_events(agreement, events))

    assert [(m.number, m.away, m.elapsed, m.elapsed_before) for m in marks] == [
        (0, None, timedelta(), timedelta()),
        (0, None, 2 * minute, timedelta()),
        (0, None, 5 * minute, 2 * minute),
        (1, DAY - 5 * minute, timedelta(), timedelta()),
        (2, DAY, timedelta(), timedelta()),
    ]


def test_visits_may_be_counted_into_bands() -> None:
    agreement = an_agreement(a_rule(visit={}, counts={"2": 5, ">=3": 9}))

    totals = [
        points(agreement, *pages(*(n * DAY for n in range(number))), at=LATER)
        for number in (1, 2, 3)
    ]

    assert totals == [0, 5, 9]


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (1, 0), (2, 0), (3, 1), (9, 1)])
def test_so_many_different_visits_give_points_once(number: int, expected: int) -> None:
    rule = {"distinct": {"of": "visit", "at_least": 3}}

    assert visits(rule, *pages(*(n * DAY for n in range(number)))) == expected


def test_a_visit_counts_when_anything_in_it_matches() -> None:
    rule = {"distinct": {"of": "visit", "at_least": 2, "where": {"path": "/pricing"}}}
    minute = timedelta(minutes=1)
    events = [
        *pages(timedelta(), DAY),
        *pages(minute, DAY + minute, path="/pricing"),
        *pages(2 * DAY),
    ]

    assert visits(rule, *events) == 1
    assert visits(rule, *events[:3]) == 0


def test_a_visit_across_midnight_is_one_visit_on_two_days() -> None:
    midnight = NOW.replace(hour=22)  # in Paris
    events = [an_event("page", at=midnight - MICROSECOND), an_event("page", at=midnight)]
    number = {"1": 1, "2": 2}
    different = {
        of: an_agreement(a_rule(distinct={"of": of, "counts": number})) for of in ("visit", "day")
    }

    assert points(different["visit"], *events, at=LATER) == 1
    assert points(different["day"], *events, at=LATER) == 2
