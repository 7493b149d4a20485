"""Which options of a rule or a trigger go together; what is refused is told by its code."""

from __future__ import annotations

from typing import Any

import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.faults import InvalidAgreement
from tests.core.builders import a_rule, an_agreement

COUNTS = {"1": 5, ">=2": 9}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"event": "page", "points": 1, "min": 5, "max": 4}, "min_above_max"),
        ({"event": "page", "min": 5, "max": 4}, "min_above_max"),
        ({"event": "page", "points": 1, "half_life": "9d", "expires": "9d"}, "several_decays"),
        ({"event": "page", "points": 1, "counts": COUNTS}, "points_or_counts"),
        ({"event": "page"}, "points_or_counts"),
        ({"event": "page", "counts": COUNTS, "half_life": "9d"}, "counts_do_not_fade"),
        (
            {"event": "page", "counts": COUNTS, "limit": {"points": 5, "per": "day"}},
            "counts_do_not_fade",
        ),
        ({"visit": {"after": "7d", "within": "7d"}, "points": 1}, "never_returns"),
        ({"visit": {"after": "7d", "lasts": "1m"}, "points": 1}, "visit_question"),
        ({"distinct": {"of": "day", "at_least": 3}}, "points_missing"),
        ({"distinct": {"of": "day", "counts": COUNTS}, "points": 1}, "points_missing"),
        ({"distinct": {"of": "day"}, "points": 1}, "at_least_or_counts"),
        ({"field": "phone", "present": True}, "points_missing"),
        ({"field": "phone", "values": {"a": 1}, "points": 1}, "points_missing"),
        ({"field": "phone", "present": True, "is": True, "points": 1}, "one_question"),
        ({"field": "phone", "points": 1}, "one_question"),
        ({"field": "phone", "present": True, "points": 1, "otherwise": 2}, "otherwise_alone"),
    ],
)
def test_options_that_contradict_each_other_are_refused(rule: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidAgreement) as refused:
        an_agreement(a_rule(**rule))

    assert code in [fault.code for fault in refused.value.faults]


@pytest.mark.parametrize(
    "rule",
    [
        {"event": "page", "points": 1, "min": 5, "max": 5},
        {"event": "page", "counts": COUNTS, "limit": {"times": 2, "per": "day"}, "window": "9d"},
        {"event": "page", "points": 1, "valid": {"from": "2026-03-01", "until": "2026-03-01"}},
        {"visit": {"after": "7d", "within": "8d"}, "points": 1},
        {"distinct": {"of": "day", "counts": COUNTS}},
    ],
)
def test_options_that_go_together_are_read(rule: dict[str, Any]) -> None:
    assert an_agreement(a_rule(**rule)).rule("rule").key == "rule"


@pytest.mark.parametrize("decay", ["half_life", "expires"])
def test_an_age_may_stand_alone_or_under_its_name(decay: str) -> None:
    alone = an_agreement(a_rule(event="page", points=1, **{decay: "30d"}))
    named = an_agreement(a_rule(event="page", points=1, **{decay: {"days": "30d"}}))

    assert alone.rules == named.rules


@pytest.mark.parametrize(
    ("trigger", "code"),
    [
        ({}, "field_or_event"),
        ({"event": "page", "field": "phone", "present": True}, "field_or_event"),
        ({"event": "page", "present": True}, "one_question"),
        ({"field": "phone"}, "one_question"),
        ({"field": "phone", "present": True, "is": True}, "one_question"),
        ({"field": "phone", "present": True, "window": "9d"}, "field_has_no_past"),
        ({"field": "phone", "present": True, "where": {"kind": "a"}}, "field_has_no_past"),
    ],
)
def test_a_trigger_is_an_event_or_one_question_to_a_field(
    trigger: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidAgreement) as refused:
        an_agreement(fast_tracks=[{"key": "track", **trigger}])

    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ({"event": "page"}, "one_effect"),
        ({"event": "page", "force": 5, "floor": 5}, "one_effect"),
        ({"event": "page", "set": {"engagement": 5}, "freeze": True}, "one_effect"),
        ({"event": "page", "set": {"engagement": 5}, "window": "9d"}, "needs_an_event"),
        ({"event": "page", "freeze": True, "window": "9d"}, "needs_an_event"),
        ({"field": "phone", "present": True, "freeze": True}, "needs_an_event"),
        ({"field": "phone", "present": True, "set": {"engagement": 5}}, "needs_an_event"),
        ({"event": "page", "force": 5, "until": "download"}, "until_thaws"),
    ],
)
def test_an_override_has_one_effect_and_what_lasts_begins_with_an_event(
    override: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidAgreement) as refused:
        an_agreement(overrides=[{"key": "over", **override}])

    assert [fault.code for fault in refused.value.faults] == [code]


def test_an_agreement_can_be_made_of_rules_that_were_read() -> None:
    agreement = an_agreement(
        a_rule(key="page", event="page", points=1),
        a_rule(key="phone", field="phone", present=True, points=1),
    )

    parts = {name: getattr(agreement, name) for name in agreement.model_fields_set}

    assert Agreement.model_validate(parts).rules == agreement.rules
