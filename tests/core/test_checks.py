"""Each place where sense can be missing: the fault, where it stands, and what was found there."""

from __future__ import annotations

from typing import Any

import pytest

from passerelle.core.faults import InvalidAgreement, written
from tests.core.builders import a_rule, an_agreement

TWO = {"engagement": {"range": [0, 100]}, "fit": {"range": [0, 50]}}
SALES = {"sql": {"requires": ["accepted"], "bant": ">80"}}


def faults(*rules: dict[str, Any], **parts: Any) -> list[tuple[str, str, str | None]]:
    """The code, the place and what was found there, of every fault."""
    with pytest.raises(InvalidAgreement) as refused:
        an_agreement(*rules, **parts)
    return [(fault.code, written(fault.path), fault.found) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (
            {"dimensions": TWO | {"fit": {"range": [5, 5]}}},
            ("range_reversed", "dimensions.fit.range", "5, 5"),
        ),
        (
            {"dimensions": TWO | {"fit": {"range": [0, 50], "unscored": 51}}},
            ("line_out_of_range", "dimensions.fit.unscored", "51"),
        ),
        (
            {"dimensions": TWO | {"fit": {"weight": "0.5"}}},
            ("weight_unused", "dimensions.fit.weight", "0.5"),
        ),
        (
            {"groups": {"mail": {"dimension": "fitness"}}},
            ("unknown_dimension", "groups.mail.dimension", "fitness"),
        ),
        (
            {"groups": {"mail": {"dimension": "engagement", "min": 6, "max": 5}}},
            ("min_above_max", "groups.mail", "dimension, min, max"),
        ),
        (
            {"total": {"sum": ["engagement"], "range": [60, 60]}},
            ("range_reversed", "total.range", "60, 60"),
        ),
        (
            {"total": {"sum": ["engagement", "fitness"], "range": [0, 99]}},
            ("unknown_dimension", "total.sum[1]", "fitness"),
        ),
        (
            {"total": {"sum": ["engagement", "engagement"], "range": [0, 99]}},
            ("named_twice", "total.sum[1]", "engagement"),
        ),
        ({"grades": {"fitness": {"A": 1}}}, ("unknown_level", "grades.fitness", "fitness")),
        ({"grades": {"bant": {"A": 1}}}, ("unknown_level", "grades.bant", "bant")),
        (
            {"grades": {"engagement": {"A": 5, "B": 5}}},
            ("ladder_not_falling", "grades.engagement", "5, 5"),
        ),
        (
            {"dimensions": TWO, "grades": {"fit": {"A": 51, "B": 0}}},
            ("line_out_of_range", "grades.fit.A", "51"),
        ),
        (
            {"fast_tracks": [{"key": "demo", "event": "demo_requested", "to": "nowhere"}]},
            ("fast_track_to_nowhere", "fast_tracks[0].to", "nowhere"),
        ),
        (
            {"fast_tracks": [{"key": "demo", "event": "demo_requested", "clock": "hot"}]},
            ("unknown_clock", "fast_tracks[0].clock", "hot"),
        ),
        (
            {"overrides": [{"key": "over", "event": "page", "floor": {"fitness": 5}}]},
            ("unknown_level", "overrides[0].floor.fitness", "fitness"),
        ),
        (
            {"overrides": [{"key": "over", "event": "page", "set": {"total": 5}}]},
            ("unknown_level", "overrides[0].set.total", "total"),
        ),
        (
            {
                "qualification": SALES,
                "overrides": [{"key": "over", "event": "page", "force": {"bant": 5}}],
            },
            ("unknown_level", "overrides[0].force.bant", "bant"),
        ),
        (
            {"overrides": [{"key": "over", "event": "page", "force": {"engagement": 10_001}}]},
            ("line_out_of_range", "overrides[0].force.engagement", "10001"),
        ),
        (
            {"stages": {"mql": {"when": {"engagement": ">10000"}}}},
            ("line_out_of_range", "stages.mql.when.engagement", ">10000"),
        ),
        (
            {"stages": {"mql": {"when": {"fitness": ">1"}}}},
            ("unknown_level", "stages.mql.when.fitness", "fitness"),
        ),
        (
            {"stages": {"mql": {"when": {"qualified": False}}}},
            ("nothing_qualifies", "stages.mql.when.qualified", "false"),
        ),
        (
            {"stages": {"mql": {"when": {"total": ">=1", "where": {"kind": "a"}}}}},
            ("needs_an_event", "stages.mql.when.where", "kind"),
        ),
        (
            {"stages": {"mql": {"when": {"fields": {"title": "ceo"}}}}},
            ("unknown_field", "stages.mql.when.fields.title", "title"),
        ),
        ({"stages": {"nurturing": {}}}, ("reserved_stage", "stages.nurturing", "nurturing")),
    ],
)
def test_what_makes_no_sense_is_told_where_it_stands(
    parts: dict[str, Any], fault: tuple[str, str, str | None]
) -> None:
    assert faults(**parts) == [fault]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"dimension": None}, ("dimension_or_group", "rules[0]", "rule")),
        ({"group": "mail"}, ("unknown_group", "rules[0].group", "mail")),
        ({"dimension": "fitness"}, ("unknown_dimension", "rules[0].dimension", "fitness")),
        ({"points": 0}, ("never_gives", "rules[0]", "rule")),
        ({"max": 0}, ("never_gives", "rules[0]", "rule")),
        ({"points": -5, "min": 0}, ("never_gives", "rules[0]", "rule")),
    ],
)
def test_a_rule_has_a_place_and_something_to_give(
    rule: dict[str, Any], fault: tuple[str, str, str | None]
) -> None:
    parts = {"event": "page", "points": 5} | rule

    assert faults({k: v for k, v in a_rule(**parts).items() if v is not None}) == [fault]


@pytest.mark.parametrize(
    ("counts", "limit", "reached"),
    [
        ("<1", None, True),
        ("<0", None, False),
        (">2", 3, True),
        (">3", 3, False),
        ("1.2..1.8", None, False),
        ("1.2..2", None, True),
    ],
)
def test_a_band_of_counts_holds_a_number_of_times(
    counts: str, limit: int | None, *, reached: bool
) -> None:
    limited = {} if limit is None else {"limit": {"times": limit, "per": "ever"}}
    rule = a_rule(event="page", counts={counts: 5}, **limited)

    if reached:
        assert an_agreement(rule).rule("rule").key == "rule"
    else:
        assert [code for code, _, _ in faults(rule)] == ["band_never_reached"]


def test_lines_may_stand_at_the_very_ends_of_a_range() -> None:
    ends = an_agreement(
        dimensions={"engagement": {"range": [0, 100], "unscored": 100}},
        groups={"mail": {"dimension": "engagement", "min": 5, "max": 5}},
        total={"sum": ["engagement"], "range": [0, 100]},
        grades={"engagement": {"A": 100, "B": 0}},
        stages={"mql": {"when": {"total": ">=100"}, "falls_below": 0}},
        overrides=[{"key": "over", "event": "page", "floor": {"engagement": 100}}],
    )

    assert ends.dimensions["engagement"].unscored == 100


def test_a_line_out_of_range_is_told_with_the_range() -> None:
    with pytest.raises(InvalidAgreement) as refused:
        an_agreement(dimensions=TWO, grades={"fit": {"A": 51, "B": 0}})

    (fault,) = refused.value.faults
    assert (fault.data["low"], fault.data["high"]) == (0, 50)
