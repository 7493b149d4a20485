"""Stages, with hysteresis: entered at one line, left below another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.faults import InvalidAgreement
from passerelle.core.history import seen_events
from passerelle.core.scorer import record_of
from passerelle.core.standing import instants
from tests.core.builders import (
    CRITERIA,
    MICROSECOND,
    NOW,
    a_change,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
    assessed,
    pages,
    stage,
)

DAY = timedelta(days=1)


def test_without_any_stage_that_holds_a_lead_is_a_lead() -> None:
    assert stage(an_agreement()) == "lead"


def test_a_stage_without_a_condition_holds_for_everybody() -> None:
    agreement = an_agreement(stages={"visitor": {}, "mql": {"when": {"total": ">=50"}}})

    assert stage(agreement) == "visitor"
    assert stage(agreement, *(an_event("page", id=str(n)) for n in range(5))) == "mql"


def test_the_highest_stage_that_holds_wins_even_when_one_below_does_not() -> None:
    agreement = an_agreement(
        stages={
            "read": {"when": {"event": "page"}},
            "took": {"when": {"event": "download"}},
            "bought": {"when": {"event": "deal_won"}},
        }
    )

    assert stage(agreement, an_event("download")) == "took"
    assert stage(agreement, an_event("download"), an_event("page")) == "took"
    assert stage(agreement, an_event("deal_won")) == "bought"


def test_a_stage_with_only_an_event_is_entered_at_its_instant_and_kept() -> None:
    agreement = an_agreement(
        stages={"signed": {"when": {"event": "form_submitted", "where": {"form": "trial*"}}}}
    )
    event = an_event("form_submitted", form="trial-2024")
    another = an_event("form_submitted", form="newsletter")

    reached = [stage(agreement, event, at=NOW + n * MICROSECOND) for n in (-1, 0, 1)]

    assert reached == ["lead", "signed", "signed"]
    assert stage(agreement, event, at=NOW + 4000 * DAY) == "signed"
    assert stage(agreement, another) == "lead"


def test_everything_a_stage_asks_must_hold_at_once() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=50),
        fields={"country": "text"},
        grades={"engagement": {"A": 50, "B": 0}},
        stages={
            "mql": {
                "when": {
                    "total": "50..80",
                    "grade": ["A"],
                    "event": "page",
                    "where": {"path": "/pricing"},
                    "fields": {"country": "france"},
                }
            }
        },
    )
    page = an_event("page", path="/pricing")

    assert stage(agreement, page, country="France") == "mql"
    assert stage(agreement, page, country="Spain") == "lead"
    assert stage(agreement, page) == "lead"
    assert stage(agreement, an_event("page", path="/"), country="France") == "lead"
    assert stage(agreement, page, an_event("page", id="b"), country="France") == "lead"


def test_a_stage_may_ask_for_a_bant_score() -> None:
    agreement = an_agreement(
        stages={"mql": {"when": {"bant": "50..80"}}, "ready": {"when": {"bant": ">80"}}},
        qualification={"sql": {"requires": ["meeting_booked"]}},
    )

    reached = [stage(agreement, *assessed(*CRITERIA[:n])) for n in range(5)]

    assert reached == ["lead", "lead", "mql", "mql", "ready"]


def fading() -> Agreement:
    return an_agreement(
        a_rule(event="page", points=10, linear_decay={"percent": 10, "per": "1d"}),
        a_rule(key="bad", event="email_bounced", points=-1),
        stages={"mql": {"when": {"total": ">=50"}, "falls_below": 40}},
    )


def test_a_lead_enters_at_its_line_and_stays_down_to_the_lower_one() -> None:
    lead = pages(6)

    by_age = [stage(fading(), *lead, at=NOW + age * DAY) for age in range(5)]

    # 60, 54, 48, 42, 36 points
    assert by_age == ["mql", "mql", "mql", "mql", "lead"]


def test_a_lead_exactly_on_the_lower_line_stays() -> None:
    agreement = fading()
    bounces = [an_event("email_bounced", at=NOW + n * MICROSECOND) for n in range(1, 12)]

    reached = [stage(agreement, *pages(5), *bounces, at=NOW + n * MICROSECOND) for n in (10, 11)]

    assert reached == ["mql", "lead"]


def test_between_the_lines_one_who_never_entered_or_fell_out_is_outside() -> None:
    agreement = fading()
    fell = [*pages(6, at=ago(4)), *pages(1)]  # 36 at midnight, then 46

    assert stage(agreement, *pages(4), an_event("email_bounced")) == "lead"
    assert stage(agreement, *fell) == "lead"
    assert stage(agreement, *fell, at=ago(1)) == "mql"


def test_hysteresis_looks_at_every_event_between_two_midnights() -> None:
    agreement = fading()
    spike = [*pages(5, at=NOW), an_event("email_bounced", at=NOW + MICROSECOND)]

    assert stage(agreement, *spike, at=NOW + 2 * MICROSECOND) == "mql"
    dip = [an_event("email_bounced", at=NOW + n * MICROSECOND) for n in range(1, 12)]
    again = pages(1, at=NOW + timedelta(hours=1))
    assert stage(agreement, *pages(5), *dip, *again, at=NOW + timedelta(hours=2)) == "lead"


def test_a_level_that_swings_between_the_lines_does_not_flap() -> None:
    agreement = fading()
    week = [event for day in range(8) for event in pages(6 if day == 0 else 1, at=NOW + day * DAY)]

    reached = {stage(agreement, *week, at=NOW + timedelta(hours=6 * n)) for n in range(12)}

    assert reached == {"mql"}


def test_the_levels_a_stage_asks_for_may_stand_apart() -> None:
    together = an_agreement(stages={"mql": {"when": {"total": ">=50", "event": "page"}}})
    apart = an_agreement(stages={"mql": {"when": {"levels": {"total": ">=50"}, "event": "page"}}})

    assert apart.stages == together.stages


@pytest.mark.parametrize("entry", ["<=50", ">=20"])
def test_a_stage_falls_from_a_line_above_the_lower_one(entry: str) -> None:
    with pytest.raises(InvalidAgreement) as refused:
        an_agreement(stages={"mql": {"when": {"total": entry}, "falls_below": {"total": 30}}})

    assert [fault.code for fault in refused.value.faults] == ["falls_from_nowhere"]


def test_a_stage_may_be_left_just_below_the_line_at_which_it_is_entered() -> None:
    agreement = an_agreement(stages={"mql": {"when": {"total": ">=50"}, "falls_below": 50}})

    assert stage(agreement, *pages(5)) == "mql"
    assert stage(agreement, *pages(4)) == "lead"


def test_each_level_may_have_its_own_lower_line() -> None:
    agreement = an_agreement(
        a_rule(event="page", points=10, linear_decay={"percent": 10, "per": "1d"}),
        a_rule(key="fit", dimension="fit", field="phone", present=True, points=30),
        dimensions={"engagement": {}, "fit": {}},
        stages={
            "mql": {
                "when": {"engagement": ">=50", "fit": ">=20"},
                "falls_below": {"engagement": 40},
            }
        },
    )
    unplugged = a_change("phone", "", at=NOW + DAY)

    assert stage(agreement, *pages(5), phone="1", at=NOW + DAY) == "mql"
    assert stage(agreement, *pages(5), unplugged, phone="1", at=NOW + DAY) == "lead"


@pytest.mark.parametrize(
    ("entry", "number", "reached"),
    [("20..60", 6, "warm"), ("20..60", 7, "lead"), ("20..<60", 5, "warm"), ("20..<60", 6, "lead")],
)
def test_who_rises_above_a_stage_with_an_upper_line_does_not_stay_in_it(
    entry: str, number: int, reached: str
) -> None:
    agreement = an_agreement(
        stages={"warm": {"when": {"total": entry}, "falls_below": {"total": 10}}}
    )
    entered = pages(2, at=ago(1))

    assert stage(agreement, *entered, at=ago(1)) == "warm"
    assert stage(agreement, *entered, *pages(number - 2)) == reached


def test_what_follows_counts_from_its_very_instant_on() -> None:
    agreement = an_agreement()
    record = record_of(agreement, a_lead(*pages(1, at=ago(1))))
    before = [record.levels(at).total for at in (ago(1), NOW)]

    after = record.followed_by(seen_events(agreement, pages(1)))

    assert before == [10, 10]
    assert [after.levels(at).total for at in (ago(1), NOW)] == [10, 20]


def test_the_instants_that_decide_are_events_and_midnights_latest_first() -> None:
    agreement = fading()
    clocks_go_forward = datetime(2024, 3, 30, 12, tzinfo=UTC)
    record = record_of(agreement, a_lead(an_event("page", at=clocks_go_forward)))

    looked_at = list(instants(record, until=datetime(2024, 4, 1, 12, tzinfo=UTC)))

    assert looked_at == [
        datetime(2024, 4, 1, 12, tzinfo=UTC),
        datetime(2024, 3, 31, 22, tzinfo=UTC),
        datetime(2024, 3, 30, 23, tzinfo=UTC),
        clocks_go_forward,
    ]
