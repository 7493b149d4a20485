"""BANT and what sales must have done; leads given back, and up again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from passerelle.core.history import Event
from tests.core.builders import (
    CRITERIA,
    MICROSECOND,
    NOW,
    a_rule,
    ago,
    an_agreement,
    an_event,
    assessed,
    pages,
    shortcuts,
    stage,
    standing,
)

DAY = timedelta(days=1)


def test_all_that_is_asked_and_a_bant_score_make_an_sql() -> None:
    found = standing(shortcuts(), an_event("accepted"), *assessed(*CRITERIA))

    assert (found.stage, found.bant.points) == ("sql", Decimal(100))
    assert not found.bant.missing


def test_what_is_missing_is_named() -> None:
    found = standing(shortcuts(), *assessed("budget", "need"))

    assert found.stage == "lead"
    assert found.bant.missing == ("accepted", "bant")
    assert {c for c, one in found.bant.assessments.items() if one.met} == {"budget", "need"}


def test_a_qualification_that_asks_for_nothing_qualifies_nobody() -> None:
    agreement = an_agreement(qualification={"bant": {"evidence_expires": "180d"}})

    found = standing(agreement, *assessed(*CRITERIA))

    assert (found.stage, found.bant.points, found.bant.qualified) == ("lead", Decimal(100), False)


def test_the_last_word_on_a_criterion_stands() -> None:
    unsaid = an_event("bant_assessed", at=NOW, criterion="budget", met=False)
    first = assessed(*CRITERIA, at=ago(2))

    assert standing(shortcuts(), *first).bant.points == 100
    assert standing(shortcuts(), *first, unsaid).bant.points == 75


def test_an_assessment_without_a_clear_answer_says_nothing() -> None:
    unclear = [
        an_event("bant_assessed", criterion="budget", met="perhaps"),
        an_event("bant_assessed", criterion="budget"),
        an_event("bant_assessed", criterion="weather", met=True),
    ]

    assert standing(shortcuts(), *assessed(*CRITERIA, at=ago(1)), *unclear).bant.points == 100


def test_evidence_expires_at_midnight_and_says_on_which_date() -> None:
    agreement = an_agreement(
        qualification={"bant": {"evidence_expires": "180d"}, "sql": {"bant": ">=25"}}
    )
    need = an_event("bant_assessed", at=ago(179), criterion="need", met="true")
    midnight = NOW + timedelta(hours=12)

    before = standing(agreement, need, at=midnight - MICROSECOND)
    after = standing(agreement, need, at=midnight)

    assert (before.stage, after.stage) == ("sql", "lead")
    assert before.bant.assessments["need"].expires_on == datetime(2024, 6, 13, tzinfo=UTC).date()


def test_an_assessment_tells_its_evidence() -> None:
    said = an_event(
        "bant_assessed", criterion="need", met=True, evidence="three sites", confidence="high"
    )

    need = standing(shortcuts(), said).bant.assessments["need"]

    assert (need.said("evidence"), need.said("confidence"), need.said("source")) == (
        "three sites",
        "high",
        None,
    )


def test_criteria_may_weigh_differently() -> None:
    agreement = an_agreement(
        qualification={
            "bant": {"budget": 40, "authority": 30, "need": 20, "timing": 10},
            "sql": {"bant": ">80"},
        }
    )

    assert stage(agreement, *assessed("budget", "authority", "need")) == "sql"
    assert stage(agreement, *assessed("budget", "authority", "timing")) == "lead"


def back(reason: str | None = "bad_timing", *, at: datetime) -> Event:
    return an_event("returned", at=at, reason=reason)


def test_a_lead_given_back_is_nurtured_whatever_its_score() -> None:
    found = standing(shortcuts(), *pages(9, at=ago(5)), back(at=ago(4)))

    assert (found.stage, found.recycled) == ("nurturing", "bad_timing")


@pytest.mark.parametrize(
    ("age", "new", "reached"),
    [(89, 1, "nurturing"), (90, 0, "nurturing"), (90, 1, "mql"), (200, 0, "nurturing")],
)
def test_it_comes_up_again_after_its_time_and_with_new_points(
    age: int, new: int, reached: str
) -> None:
    old = pages(9, at=ago(300))

    found = stage(shortcuts(), *old, back(at=ago(age)), *pages(new, at=ago(1)))

    assert found == reached


def test_points_at_the_very_instant_of_the_return_are_old() -> None:
    returned = back("no_reason_with_a_time", at=ago(9))

    assert stage(shortcuts(), *pages(9, at=ago(9)), returned) == "nurturing"
    assert stage(shortcuts(), *pages(9, at=ago(9) + MICROSECOND), returned) == "mql"


def test_bad_points_are_no_new_points() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=60),
        a_rule(key="bad", event="email_bounced", points=-10),
        recycle={"rearm": {"new_points": 10}},
    )
    bounced = [an_event("email_bounced", at=ago(1)), an_event("email_bounced", at=ago(2))]

    assert stage(agreement, an_event("page", at=ago(9)), back(at=ago(8)), *bounced) == "nurturing"


def test_bad_points_take_nothing_from_new_points() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=60),
        a_rule(key="bad", event="email_bounced", points=-55),
        recycle={"rearm": {"new_points": 60}},
    )
    since = [an_event("email_bounced", at=ago(2)), an_event("page", at=ago(1))]

    assert stage(agreement, an_event("page", at=ago(9)), back(at=ago(8)), *since) == "mql"


def test_a_band_of_counts_gives_no_new_points() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=60, limit={"times": 1, "per": "ever"}),
        a_rule(key="often", event="page", counts={">=3": 50}),
        recycle={"rearm": {"new_points": 1}},
    )
    before, after = pages(1, at=ago(9)), pages(2, at=ago(1))

    assert stage(agreement, *before, back(at=ago(8)), *after) == "nurturing"


def test_a_reason_without_a_time_holds_nobody_back_and_small_points_add_up() -> None:
    agreement = an_agreement(
        a_rule(event="page", points="0.5"),
        stages={"seen": {"when": {"total": ">=1"}}},
        recycle={"after": {"bad_timing": "90d"}, "rearm": {"new_points": 1}},
    )
    minute = timedelta(minutes=1)
    returned = back("no_reason_with_a_time", at=NOW - minute)

    assert stage(agreement, returned, *pages(1)) == "nurturing"
    assert stage(agreement, returned, *pages(2)) == "seen"


def test_a_hand_raised_later_leads_straight_back_and_one_raised_before_does_not() -> None:
    demo = an_event("demo_requested", at=ago(5))

    assert stage(shortcuts(), demo, back(at=ago(4))) == "nurturing"
    assert stage(shortcuts(), demo, back(at=ago(6))) == "handoff"
    assert stage(shortcuts(), demo, back(at=ago(5))) == "nurturing"


def test_a_recommendation_is_used_up_by_a_return() -> None:
    assert stage(shortcuts(), back(at=ago(4)), source="customer_referral") == "nurturing"


def test_what_sales_did_before_the_return_must_be_done_again() -> None:
    done = [an_event("accepted", at=ago(100)), *assessed(*CRITERIA, at=ago(100))]
    cycle = [*done, back(at=ago(99)), *pages(1, at=ago(3))]

    assert stage(shortcuts(), *cycle) == "lead"
    assert stage(shortcuts(), *cycle, an_event("accepted", at=ago(99))) == "lead"
    assert stage(shortcuts(), *cycle, an_event("accepted", at=ago(1))) == "sql"
    assert standing(shortcuts(), *cycle).bant.missing == ("accepted",)


def test_a_stage_that_asks_for_the_qualification_asks_for_it_anew_after_a_return() -> None:
    agreement = an_agreement(
        stages={"ready": {"when": {"qualified": True}}},
        qualification={"sql": {"requires": ["accepted"]}},
    )
    returned = [an_event("accepted", at=ago(9)), back(at=ago(8))]

    assert stage(agreement, *returned, at=ago(9)) == "ready"
    assert stage(agreement, *returned) == "lead"
    assert stage(agreement, *returned, an_event("accepted", at=ago(1))) == "ready"


def test_what_sales_found_out_is_known_of_those_who_are_out_too() -> None:
    out = standing(shortcuts(), *assessed("need"), email="x@rival.example")
    returned = standing(shortcuts(), *assessed("need"), back(at=ago(1)))

    assert (out.stage, out.bant.points) == ("disqualified", Decimal(25))
    assert (returned.stage, returned.bant.points) == ("nurturing", Decimal(25))


def test_a_lost_sale_is_given_back_as_lost_and_a_won_one_ends_it() -> None:
    lost = an_event("deal_lost", at=ago(5), reason="price")

    assert standing(shortcuts(), lost).recycled == "lost"
    assert standing(shortcuts(), back(None, at=ago(5))).recycled == "unknown"
    assert stage(shortcuts(), lost, an_event("deal_won", at=ago(1))) == "won"


@pytest.mark.parametrize(
    ("story", "given_back"),
    [
        (["lost", "won", "lost"], True),
        (["won", "lost", "won"], False),
        (["won", "won", "lost", "lost"], True),
        (["lost", "lost", "won", "won"], False),
    ],
)
def test_the_last_sale_decides_whether_a_lead_is_given_back(
    story: list[str], *, given_back: bool
) -> None:
    sales = [an_event(f"deal_{end}", at=ago(9 - n)) for n, end in enumerate(story)]

    assert (stage(shortcuts(), *sales) == "nurturing") == given_back


def test_a_sale_won_at_the_instant_of_a_loss_counts_as_won() -> None:
    both = [an_event("deal_won", at=ago(1)), an_event("deal_lost", at=ago(1))]

    assert stage(shortcuts(), *both) == "won"


def test_without_recycling_rules_a_return_holds_nobody_back() -> None:
    agreement = an_agreement()

    assert stage(agreement, *pages(9, at=ago(5)), back(at=ago(4))) == "mql"
