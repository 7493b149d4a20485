"""What rules give: events at once, fields as they stood, different ones, speed and silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from passerelle.core.history import Event, fields_at, seen_events
from passerelle.core.scorer import score_lead
from tests.core.builders import (
    MICROSECOND,
    NOW,
    a_change,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    points,
    score,
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


def test_a_score_says_whose_it_is_when_and_by_which_agreement() -> None:
    agreement = an_agreement()

    found = score(agreement, a_lead(key="camille"))

    assert (found.lead, found.as_of, found.agreement) == ("camille", NOW, agreement.version)


def test_an_event_counts_from_its_own_instant_on() -> None:
    event = an_event("page")

    totals = [
        worth({"event": "page", "points": 5}, event, at=NOW + n * MICROSECOND) for n in (-1, 0, 1)
    ]

    assert totals == [0, 5, 5]


def test_a_lead_without_events_has_its_fields_and_nothing_else() -> None:
    size = {"field": "employees", "bands": {">=50": 25}}
    agreement = an_agreement(a_rule(**size), fields={"employees": "number"})

    assert points(agreement, employees=50) == 25
    assert points(agreement) == 0


def test_before_the_first_event_there_are_the_fields_known_then() -> None:
    agreement = an_agreement(
        a_rule(key="size", field="employees", bands={">=50": 25, "<50": 5}),
        a_rule(key="page", event="page", points=10),
        fields={"employees": "number"},
    )
    events = [an_event("page"), a_change("employees", 900, at=NOW + DAY)]

    totals = [points(agreement, *events, at=at, employees=7) for at in (ago(9), NOW, NOW + DAY)]

    assert totals == [5, 15, 35]


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^as_of has no time zone$"):
        score_lead(an_agreement(), a_lead(), as_of=datetime(2024, 6, 12))  # noqa: DTZ001  # the point

    with pytest.raises(ValueError, match="time zone"):
        Event("page", datetime(2024, 6, 12))  # noqa: DTZ001  # the point


def test_the_first_band_or_value_that_holds_gives_its_points() -> None:
    bands = an_agreement(
        a_rule(field="employees", bands={"<10": -20, "50..499": 25, ">=500": 30}),
        fields={"employees": "number"},
    )
    values = an_agreement(
        a_rule(field="job_title", values={"*director*": 8, "*sales*": 5}, otherwise=-1),
        fields={"job_title": "text"},
    )

    assert [points(bands, employees=n) for n in (9, 10, 49, 50, 499, 499.5, 500)] == [
        -20,
        0,
        0,
        25,
        25,
        0,
        30,
    ]
    titles = ("Sales Director", "Sales rep", "Cook", "", None)
    assert [points(values, job_title=t) for t in titles] == [8, 5, -1, 0, 0]


def test_a_field_counts_as_it_stood_at_the_instant() -> None:
    agreement = an_agreement(
        a_rule(field="job_title", matches=["intern"], points=-50), fields={"job_title": "text"}
    )
    changes = [a_change("job_title", "CMO", at=ago(5)), a_change("job_title", "Intern", at=ago(2))]

    totals = [
        points(agreement, *changes, at=at, job_title="intern")
        for at in (ago(6), ago(5) - MICROSECOND, ago(5), ago(2) - MICROSECOND, ago(2), NOW)
    ]

    assert totals == [-50, -50, 0, 0, -50, -50]


def test_only_a_change_by_then_changes_a_field() -> None:
    agreement = an_agreement(fields={"job_title": "text"})
    events = [
        an_event("page", at=ago(3), field="job_title", value="CEO"),
        a_change("job_title", "CMO", at=ago(2)),
        a_change("job_title", "CFO", at=ago(1) + MICROSECOND),
    ]
    seen = seen_events(agreement, events)

    standing = [fields_at(agreement, {}, seen, as_of=ago(n)) for n in (3, 2, 1, 0)]

    assert [known["job_title"] for known in standing] == [None, "CMO", "CMO", "CFO"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("number", "12", "twelve"), ("boolean", "true", "perhaps")]
)
def test_a_value_that_is_not_of_its_declared_type_is_missing(
    kind: str, good: str, bad: str
) -> None:
    agreement = an_agreement(a_rule(field="known", present=True, points=5), fields={"known": kind})

    assert [points(agreement, known=value) for value in (good, bad)] == [5, 0]


def test_a_field_that_was_emptied_is_missing() -> None:
    agreement = an_agreement(a_rule(field="phone", present=True, points=5))

    emptied = a_change("phone", None, at=ago(1))

    assert points(agreement, phone="1") == 5
    assert points(agreement, emptied, phone="1") == 0
    assert points(agreement, emptied, phone="1", at=ago(2)) == 5


@pytest.mark.parametrize(
    ("of", "expected"), [("asset", 2), ("day", 3), ("event", 2), ("visit", 1), ("nothing", 0)]
)
def test_different_ones_are_counted_by_value_day_event_or_visit(of: str, expected: int) -> None:
    rule = {"distinct": {"of": of, "counts": {"1": 1, "2": 2, "3": 3, "4": 4, ">=5": 5}}}
    events = [
        an_event("download", at=ago(3), asset="a"),
        an_event("download", at=ago(2), asset="b"),
        an_event("page", at=ago(2), asset="a"),
        an_event("download", at=ago(1), asset=""),
    ]

    assert worth(rule, *events) == expected


def test_different_ones_are_counted_in_the_window_only() -> None:
    rule = {"distinct": {"of": "asset", "at_least": 2}, "points": 7, "window": "30d"}
    a, b = an_event("download", at=ago(29), asset="a"), an_event("download", at=ago(30), asset="b")

    assert worth(rule, a, b) == 0
    assert worth(rule, a, b, an_event("download", at=ago(3), asset="b")) == 7


def test_the_ledger_names_the_latest_of_the_different_ones() -> None:
    agreement = an_agreement(a_rule(distinct={"of": "asset", "at_least": 2}, points=7))
    events = [
        an_event("download", at=ago(9), asset="a"),
        an_event("download", at=ago(5), asset="b"),
        an_event("download", at=ago(1), asset="a"),
    ]

    reason = score(agreement, a_lead(*events)).levels.worths[0].contributions[0].seen

    assert reason is not None
    assert reason.occurred_at == ago(1)


@pytest.mark.parametrize(
    ("span", "given"), [(3 * DAY - MICROSECOND, 20), (3 * DAY, 0), (3 * DAY + MICROSECOND, 0)]
)
def test_velocity_is_half_open_to_the_microsecond(span: timedelta, given: int) -> None:
    rule = {"velocity": {"events": "download", "at_least": 3, "within": "3d"}, "points": 20}
    events = [an_event("download", at=NOW - span + part * span) for part in (0, 0.5, 1)]

    assert worth(rule, *events) == given


def test_velocity_ages_from_the_event_that_completed_the_latest_burst() -> None:
    rule = {
        "velocity": {"events": "download", "at_least": 2, "within": "1h"},
        "points": 8,
        "half_life": "30d",
    }
    old = [an_event("download", at=ago(60)), an_event("download", at=ago(60) + HOUR / 2)]
    slow = [an_event("download", at=ago(30))]
    new = [an_event("download", at=ago(30) + HOUR / 3)]

    assert worth(rule, *old) == 2
    assert worth(rule, *old, *slow) == 2
    assert worth(rule, *old, *slow, *new) == 4


def test_only_events_that_pass_the_tests_make_a_burst() -> None:
    asked = {"events": "page", "where": {"path": "/docs/*"}, "at_least": 2, "within": "1h"}
    rule = {"velocity": asked, "points": 8}
    first, second = (an_event("page", id=name, path=f"/docs/{name}") for name in "ab")
    other = an_event("page", id="c", path="/blog/c")

    assert worth(rule, first, other) == 0
    assert worth(rule, first, second) == 8


def test_a_burst_is_forgotten_when_its_window_closes() -> None:
    rule = {
        "velocity": {"events": "download", "at_least": 2, "within": "1h"},
        "points": 8,
        "window": "30d",
    }
    burst = [an_event("download", id=name) for name in "ab"]

    assert [worth(rule, *burst, at=NOW + n * DAY) for n in (29, 30)] == [8, 0]


def test_many_events_at_one_instant_are_a_burst() -> None:
    rule = {"velocity": {"events": "download", "at_least": 4, "within": "1s"}, "points": 20}
    twins = [an_event("download", id=str(n)) for n in range(4)]

    assert worth(rule, *twins) == 20
    assert worth(rule, *twins[:3]) == 0


@pytest.mark.parametrize(
    ("age", "given"), [(0, 0), (29, 0), (30, -10), (59, -10), (60, -20), (90, -30), (400, -130)]
)
def test_silence_counts_in_steps(age: int, given: int) -> None:
    rule = {"inactive": {"for": "30d", "every": "30d"}, "points": -10}

    assert worth(rule, an_event("page", at=ago(age))) == given


def test_silence_without_steps_counts_once_and_only_after_a_sign_of_life() -> None:
    rule = {"inactive": {"for": "30d", "events": ["page"]}, "points": -10}

    assert worth(rule, an_event("page", at=ago(400))) == -10
    assert worth(rule) == 0
    assert worth(rule, an_event("email_sent", at=ago(400))) == 0
    assert worth(rule, an_event("page", at=ago(400)), an_event("email_sent", at=ago(1))) == -10


@pytest.mark.parametrize(("events", "given"), [("signs_of_life", -10), ("*", 0), (None, -10)])
def test_what_we_do_ourselves_is_no_sign_of_life(events: str | None, given: int) -> None:
    rule = {"inactive": {"for": "30d"} | ({"events": events} if events else {}), "points": -10}

    assert worth(rule, an_event("page", at=ago(40)), an_event("email_sent", at=ago(1))) == given
    assert worth(rule, an_event("page", at=ago(40)), an_event("surprise", at=ago(1))) == 0


def test_a_late_event_counts_at_its_own_time_once_it_is_known() -> None:
    agreement = an_agreement(a_rule(event="page", points=5))
    lead = a_lead(an_event("page", at=ago(10), received_at=ago(2)))

    known_then = score_lead(agreement, lead, as_of=ago(5), known_at=ago(5))
    known_now = score_lead(agreement, lead, as_of=ago(5))
    at_receipt = score_lead(agreement, lead, as_of=ago(5), known_at=ago(2))

    assert (known_then.total, known_now.total, at_receipt.total) == (
        Decimal(0),
        Decimal(5),
        Decimal(5),
    )
    reason = known_now.levels.worths[0].contributions[0].seen
    assert reason is not None
    assert reason.late == 8 * DAY


def test_a_late_event_can_take_the_place_of_the_first() -> None:
    agreement = an_agreement(a_rule(event="page", points=5, first_only="person", window="30d"))
    recent = an_event("page", at=ago(5))
    late = an_event("page", at=ago(40), received_at=ago(1))

    before = score_lead(agreement, a_lead(recent, late), as_of=NOW, known_at=ago(2))
    after = score_lead(agreement, a_lead(recent, late), as_of=NOW)

    assert (before.total, after.total) == (Decimal(5), Decimal(0))


def test_a_message_counts_once_as_first_received() -> None:
    agreement = an_agreement(a_rule(event="page", where={"path": "/a"}, points=5))
    first = an_event("page", at=ago(1), id="m1", received_at=ago(1), path="/a")
    again = an_event("page", at=ago(3), id="m1", received_at=NOW, path="/b")

    assert points(agreement, first, again, first) == 5
    assert points(agreement, again, first) == 5
    assert points(agreement, again) == 0


def test_messages_without_an_id_all_count() -> None:
    assert worth({"event": "page", "points": 5}, an_event("page"), an_event("page")) == 10


def test_changes_of_one_field_at_one_instant_have_one_winner_whatever_the_order() -> None:
    agreement = an_agreement(
        a_rule(field="job_title", values={"ceo": 1, "cto": 2}), fields={"job_title": "text"}
    )
    changes = [
        an_event("field_changed", id="a", field="job_title", value="ceo"),
        an_event("field_changed", id="b", field="job_title", value="cto"),
    ]

    assert points(agreement, *changes) == points(agreement, *reversed(changes)) == 2
