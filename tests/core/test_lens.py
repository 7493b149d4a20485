"""Reading each event once for all rules: alike is only what no test can tell apart."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.lens import Lens
from passerelle.core.local_days import LocalDays
from passerelle.core.memo import Memo
from passerelle.core.plan import Plan
from passerelle.core.scorer import score_lead, score_leads
from tests.core.builders import (
    MICROSECOND,
    NOW,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    points,
)

ODD_ZONES = (
    "Africa/Casablanca",  # goes back for a month each year
    "Africa/Monrovia",  # 44 minutes and 30 seconds behind until 1972
    "America/St_Johns",  # changed its clocks a minute after midnight until 2011
    "Antarctica/Troll",  # two hours at once
    "Asia/Gaza",  # another rule every year
    "Asia/Kathmandu",  # a quarter of an hour off
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # left out a day in 2011
    "Pacific/Kwajalein",  # left out a day in 1993
)


@settings(max_examples=300)
@given(
    st.sampled_from([*ODD_ZONES, *sorted(available_timezones())]),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001  # made UTC below
)
def test_local_days_are_those_of_the_time_zone_data(name: str, naive: datetime) -> None:
    zone, instant = ZoneInfo(name), naive.replace(tzinfo=UTC)

    (number,) = LocalDays(zone).numbers([instant])

    assert number == instant.astimezone(zone).toordinal()


@pytest.mark.parametrize("name", ODD_ZONES)
def test_no_night_is_counted_wrong_in_an_odd_zone(name: str) -> None:
    zone = ZoneInfo(name)
    days = LocalDays(zone)
    half_hours = [
        datetime(year, 1, 1, tzinfo=UTC) + n * timedelta(minutes=30)
        for year in (1969, 1971, 1993, 2010, 2011, 2024)
        for n in range(365 * 48)
    ]
    edges = [at + tick for at in half_hours for tick in (-MICROSECOND, MICROSECOND)][::7]

    wrong = [
        at
        for at, number in zip(edges, days.numbers(edges), strict=True)
        if number != at.astimezone(zone).toordinal()
    ]

    assert not wrong


def test_an_instant_may_be_told_in_any_zone() -> None:
    paris = ZoneInfo("Europe/Paris")
    midnight = datetime(2024, 6, 12, 22, tzinfo=UTC)
    told = [midnight, midnight.astimezone(paris), midnight.astimezone(ZoneInfo("Asia/Tokyo"))]

    assert set(LocalDays(paris).numbers(told)) == {datetime(2024, 6, 13).toordinal()}  # noqa: DTZ001


def test_a_memory_is_bounded_and_keeps_what_is_newest() -> None:
    memo: Memo[int, str] = Memo(most=4)

    for number in range(9):
        memo.keep(number, str(number))

    assert len(memo) <= 4
    assert memo[8] == "8"
    assert 0 not in memo


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (1, "1"),
        (1.0, "1.0"),
        (Decimal("1.00"), "1.00"),
        ("1", "1"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (NOW.date(), "2024-06-12"),
    ],
)
def test_values_that_are_equal_are_not_therefore_alike(value: Any, text: str) -> None:
    equal = [True, 1, 1.0, Decimal(1), Decimal("1.00"), "1", "true", 0, 0.0, -0.0, False, None]
    agreement = an_agreement(
        a_rule(event="page", where={"shown": [text]}, points=1),
        a_rule(key="of_field", field="shown", one_of=[text], points=100),
        fields={"shown": "text"},
    )
    for other in equal:
        points(agreement, an_event("page", shown=other), shown=other)

    found = points(agreement, an_event("page", shown=value), shown=value)

    assert found == 101
    assert points(agreement, an_event("page", shown="other")) == 0


def test_what_a_value_should_not_be_is_read_by_its_text() -> None:
    agreement = an_agreement(a_rule(event="page", where={"tags": "*vip*"}, points=1))
    tags: Any = ["vip", "new"]

    assert points(agreement, an_event("page", tags=tags)) == 1


def test_an_agreement_remembers_nothing_of_another() -> None:
    ten, five = (an_agreement(a_rule(event="page", points=n)) for n in (10, 5))
    seen = an_event("page", path="/a")

    assert (ten.key, ten.version == five.version) == (five.key, False)
    assert [points(one, seen) for one in (ten, five, ten)] == [10, 5, 10]
    assert ten.once(Lens) is not five.once(Lens)


@pytest.mark.parametrize(
    "copied",
    [
        lambda one: one.model_copy(),
        lambda one: one.model_copy(deep=True),
        copy.copy,
        copy.deepcopy,
        lambda one: pickle.loads(pickle.dumps(one)),
    ],
)
def test_a_copy_of_an_agreement_makes_its_own_lens(copied: Any) -> None:
    agreement = an_agreement(a_rule(event="page", where={"path": "/a"}, points=10))
    seen = an_event("page", path="/a")
    before = points(agreement, seen)

    same: Agreement = copied(agreement)

    assert [before, points(same, seen), points(agreement, seen)] == [10, 10, 10]
    assert same.once(Lens) is not agreement.once(Lens)
    assert same == agreement


def test_a_copy_with_other_rules_goes_by_them() -> None:
    agreement = an_agreement(a_rule(event="page", points=10))
    other = an_agreement(a_rule(event="download", points=7))
    events = [an_event("page"), an_event("download")]
    before = points(agreement, *events)

    changed = agreement.model_copy(update={"rules": other.rules})

    assert [before, points(changed, *events), points(agreement, *events)] == [10, 7, 10]


def test_what_was_changed_on_a_lead_is_seen() -> None:
    agreement = an_agreement(a_rule(event="page", where={"path": "/a"}, points=10))
    properties = {"path": "/a"}
    events = [Event("page", ago(1), "1", properties)]
    lead = Lead("camille", {}, events)
    first = score_lead(agreement, lead, as_of=NOW).total

    events.append(Event("page", NOW, "2", {"path": "/a"}))
    second = score_lead(agreement, lead, as_of=NOW).total
    properties["path"] = "/b"
    third = score_lead(agreement, lead, as_of=NOW).total

    assert [first, second, third] == [10, 20, 10]


def test_a_batch_is_the_leads_one_by_one_in_their_order() -> None:
    agreement = an_agreement(a_rule(event="page", points=10, half_life="30d"))
    leads = [a_lead(an_event("page", at=ago(n)), key=f"lead-{n}") for n in (40, 3, 0)]

    batch = score_leads(agreement, leads, as_of=NOW, known_at=ago(2))

    assert batch == [score_lead(agreement, lead, as_of=NOW, known_at=ago(2)) for lead in leads]
    assert [score.lead for score in batch] == ["lead-40", "lead-3", "lead-0"]


def test_a_plan_is_made_once_for_an_agreement() -> None:
    agreement = an_agreement()

    assert agreement.once(Plan) is agreement.once(Plan)
