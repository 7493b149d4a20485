"""The ledger: what each rule gave, what time and each line took, and that it adds up exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.core.history import Event, Lead
from passerelle.core.ledger import Levels
from passerelle.core.levels import grade_of
from passerelle.core.ranges import MILLIONTH
from passerelle.core.scorer import score_lead
from tests.core.builders import (
    NOW,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    entries,
    points,
    score,
)
from tests.core.histories import RICH, histories


def adds_up(levels: Levels) -> bool:
    """Whether the entries of every level add up to it, without remainder."""
    return all(
        sum((e.points for e in levels.entries if e.level == level), Decimal(0)) == levels.of(level)
        for level in (*levels.dimensions, "total")
    )


def test_points_are_held_by_rule_then_group_then_dimension_then_total() -> None:
    agreement = an_agreement(
        a_rule(key="page", group="site", event="page", points=10, max=25),
        a_rule(key="download", group="site", event="download", points=9),
        a_rule(key="click", event="email_clicked", points=40),
        dimensions={"engagement": {"range": [0, 60]}, "fit": {"range": [0, 50], "unscored": 30}},
        groups={"site": {"dimension": "engagement", "max": 30}},
        total={"sum": ["engagement", "fit"], "range": [0, 85]},
    )
    lead = a_lead(
        *(an_event("page", id=str(n)) for n in range(4)),
        an_event("download"),
        an_event("email_clicked"),
    )

    levels = score(agreement, lead).levels

    assert entries(levels, "engagement") == {
        ("granted", "page"): 40,
        ("rule_line", "page"): -15,
        ("granted", "download"): 9,
        ("group_line", "site"): -4,
        ("granted", "click"): 40,
        ("dimension_line", "engagement"): -10,
    }
    assert entries(levels, "fit") == {("unscored", "fit"): 30}
    assert entries(levels, "total") == {
        ("weight", "engagement"): 60,
        ("weight", "fit"): 30,
        ("total_line", "total"): -5,
    }


def test_silence_is_granted_in_full_and_does_not_fade() -> None:
    agreement = an_agreement(a_rule(inactive={"for": "30d", "every": "30d"}, points=-10))

    levels = score(agreement, a_lead(an_event("page", at=ago(90)))).levels

    assert entries(levels, "engagement") == {("granted", "rule"): -30}


def test_what_time_took_stands_beside_what_was_granted() -> None:
    agreement = an_agreement(a_rule(event="page", points=10, half_life="30d", max=12))
    lead = a_lead(*(an_event("page", at=ago(age)) for age in (0, 30, 30)))

    levels = score(agreement, lead).levels

    assert entries(levels, "engagement") == {
        ("granted", "rule"): 30,
        ("faded", "rule"): -10,
        ("rule_line", "rule"): -8,
    }


@pytest.mark.parametrize(
    ("number", "held", "line"), [(1, -4, None), (2, -8, None), (3, -10, 2), (9, -10, 26)]
)
def test_a_lower_line_gives_back_what_went_below(number: int, held: int, line: int | None) -> None:
    agreement = an_agreement(a_rule(event="email_bounced", points=-4, min=-10, max=3))
    lead = a_lead(*(an_event("email_bounced", id=str(n)) for n in range(number)))

    levels = score(agreement, lead).levels

    assert levels.total == held
    assert entries(levels, "engagement").get(("rule_line", "rule")) == line


def test_bad_points_are_limited_when_they_happen_and_held_by_their_line_at_the_end() -> None:
    rule = {
        "event": "email_bounced",
        "points": -4,
        "limit": {"points": 10, "per": "day"},
        "min": -15,
    }
    agreement = an_agreement(a_rule(**rule))
    bounces = [
        an_event("email_bounced", at=ago(day + hour / 24)) for day in (0, 1) for hour in range(4)
    ]

    levels = score(agreement, a_lead(*bounces)).levels

    assert entries(levels, "engagement") == {
        ("granted", "rule"): -20,
        ("rule_line", "rule"): 5,
    }


def test_a_groups_line_holds_the_sum_of_good_and_bad_points() -> None:
    agreement = an_agreement(
        a_rule(key="good", group="mail", event="email_clicked", points=30),
        a_rule(key="bad", group="mail", event="email_bounced", points=-25),
        groups={"mail": {"dimension": "engagement", "max": 20, "min": -10}},
    )
    good, bad = an_event("email_clicked"), an_event("email_bounced")

    assert points(agreement, good) == 20
    assert points(agreement, good, bad) == 5
    assert points(agreement, bad) == -10


def test_rules_of_one_group_share_a_line_wherever_they_stand() -> None:
    agreement = an_agreement(
        a_rule(key="a", group="mail", event="email_opened", points=15),
        a_rule(key="b", event="page", points=1),
        a_rule(key="c", group="mail", event="email_clicked", points=15),
        groups={"mail": {"dimension": "engagement", "max": 20}},
    )

    total = points(agreement, *map(an_event, ("email_opened", "page", "email_clicked")))

    assert total == 21


def test_a_dimension_no_rule_matched_has_its_unscored_value() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10, window="30d"),
        dimensions={"engagement": {"range": [0, 100], "unscored": 35}},
    )

    assert points(agreement) == 35
    assert points(agreement, an_event("download")) == 35
    assert points(agreement, an_event("page")) == 10
    assert points(agreement, an_event("page", at=ago(90))) == 0  # matched, and faded


def test_a_line_that_lifts_stands_beside_the_unscored_value() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10, min=4),
        dimensions={"engagement": {"range": [0, 100], "unscored": 35}},
    )

    levels = score(agreement, a_lead()).levels

    assert levels.total == 39
    assert entries(levels, "engagement") == {
        ("rule_line", "rule"): 4,
        ("unscored", "engagement"): 35,
    }


def test_a_band_of_no_points_is_a_match() -> None:
    agreement = an_agreement(
        a_rule(field="employees", bands={"<10": 0, ">=10": 5}),
        fields={"employees": "number"},
        dimensions={"engagement": {"range": [0, 100], "unscored": 35}},
    )

    assert points(agreement, employees=3) == 0
    assert points(agreement) == 35


def test_a_weighted_total_is_the_weighted_mean() -> None:
    agreement = an_agreement(
        a_rule(key="fit", dimension="fit", field="phone", present=True, points=80),
        a_rule(key="page", event="page", points=35),
        dimensions={
            "fit": {"range": [0, 100], "weight": "0.4"},
            "engagement": {"range": [0, 100], "weight": "0.6"},
        },
        total={"weighted": ["fit", "engagement"], "range": [0, 100]},
    )

    levels = score(agreement, a_lead(an_event("page"), phone="1")).levels

    assert levels.total == 53
    assert entries(levels, "total") == {("weight", "fit"): 32, ("weight", "engagement"): 21}


def test_a_dimension_outside_the_total_is_scored_all_the_same() -> None:
    agreement = an_agreement(
        a_rule(key="page", event="page", points=35),
        a_rule(key="side", dimension="side", event="page", points=7),
        dimensions={"engagement": {}, "side": {}},
        total={"sum": ["engagement"]},
    )

    levels = score(agreement, a_lead(an_event("page"))).levels

    assert (levels.total, levels.of("side")) == (Decimal(35), Decimal(7))


@pytest.mark.parametrize(
    ("level", "grade"),
    [(75, "A"), ("74.999999", "B"), (50, "B"), (49, "C"), (-5, "C")],
)
def test_a_grade_is_the_first_letter_whose_line_is_reached(level: float, grade: str) -> None:
    agreement = an_agreement(
        a_rule(event="page", points=level),
        grades={"engagement": {"A": 75, "B": 50, "C": 0}},
    )

    levels = score(agreement, a_lead(an_event("page"))).levels

    assert levels.grade == grade


def test_grades_of_several_levels_are_written_side_by_side() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=60),
        a_rule(key="side", dimension="side", event="download", points=30),
        dimensions={"engagement": {}, "side": {}},
        grades={
            "side": {"A": 30, "B": 0},
            "engagement": {"1": 60, "2": 0},
            "total": {"+": 90, "-": 0},
        },
    )

    both = score(agreement, a_lead(an_event("page"), an_event("download"))).levels.grade
    one = score(agreement, a_lead(an_event("page"))).levels.grade

    assert (both, one) == ("A1+", "B1-")


def test_a_level_half_a_millionth_below_a_line_stands_on_it() -> None:
    agreement = an_agreement(grades={"engagement": {"A": 75, "B": 0}})
    total = Decimal(0)

    on_it = grade_of(agreement, {"engagement": 75 - MILLIONTH, "total": total})
    below = grade_of(agreement, {"engagement": 75 - 2 * MILLIONTH, "total": total})

    assert (on_it, below) == ("A", "B")


@settings(max_examples=150, deadline=None)
@given(lead=histories(), age=st.integers(0, 95))
def test_entries_add_up_to_every_level_exactly(lead: Lead, age: int) -> None:
    levels = score_lead(RICH, lead, as_of=ago(age)).levels

    assert adds_up(levels)


@settings(max_examples=60, deadline=None)
@given(lead=histories(), seed=st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_changes_nothing(lead: Lead, seed: Any) -> None:
    shuffled: list[Event] = list(lead.events)
    seed.shuffle(shuffled)
    again = Lead(lead.key, lead.fields, shuffled)

    assert score_lead(RICH, again, as_of=NOW) == score_lead(RICH, lead, as_of=NOW)


@settings(max_examples=60, deadline=None)
@given(lead=histories(), age=st.integers(1, 90))
def test_what_happens_later_does_not_change_the_past(lead: Lead, age: int) -> None:
    then = ago(age)
    known = Lead(lead.key, lead.fields, [e for e in lead.events if e.occurred_at <= then])

    assert score_lead(RICH, known, as_of=then) == score_lead(RICH, lead, as_of=then)
