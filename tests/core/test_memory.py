import pytest

from passerelle.core.memory import longest_memory
from passerelle.core.reading import read_agreement

HEAD = """
passerelle: 1
key: a
dimensions: {all: {}}
total: {sum: [all]}
stages: {lead: {}, mql: {when: {total: ">=10"}}}
"""


def _memory(rule: str, more: str = "") -> int | None:
    rules = f"rules: [{{key: r, dimension: all, {rule}}}]\n"
    return longest_memory(read_agreement(HEAD + rules + more))


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("field: company, present: true, points: 1", 1),
        ("event: page, points: 1, window: 90d", 91),
        ("event: page, points: 1, expires: 30d", 31),
        ("event: page, points: 1, linear_decay: {percent: 30, per: 10d}", 35),
        ("event: page, points: 1, step_decay: {percent: 40, every: 30d}", 91),
        ("event: page, points: 1, window: 90d, limit: {times: 2, per: month}", 122),
        ("distinct: {of: path, at_least: 3}, points: 1, window: 60d", 61),
        ("velocity: {events: page, at_least: 3, within: 36h}, points: 1, expires: 10d", 13),
    ],
)
def test_what_is_older_than_any_window_is_forgotten(rule: str, days: int) -> None:
    assert _memory(rule) == days


@pytest.mark.parametrize(
    "rule",
    [
        "event: page, points: 1",
        "event: page, points: 1, half_life: 30d",
        "event: page, points: 1, window: 90d, first_only: person",
        "event: page, points: 1, window: 90d, cool_down: 1d",
        "event: page, points: 1, window: 90d, limit: {times: 2, per: ever}",
        "distinct: {of: path, at_least: 3}, points: 1",
        "visit: {}, points: 1, window: 90d",
        "inactive: {for: 30d}, points: -1",
    ],
)
def test_what_some_rules_count_is_never_forgotten(rule: str) -> None:
    assert _memory(rule) is None


def test_what_waits_for_an_event_never_forgets_it() -> None:
    rule = "event: page, points: 1, window: 90d"

    assert _memory(rule, "fast_tracks: [{key: f, event: demo_requested}]") is None
    assert _memory(rule, "disqualify: [{key: d, field: company, matches: x}]") == 91


def test_where_a_stage_is_kept_until_a_second_line_nothing_is_forgotten() -> None:
    text = HEAD.replace("}}}", "}, falls_below: 5}}")
    rules = "rules: [{key: r, dimension: all, event: page, points: 1, window: 9d}]"

    assert longest_memory(read_agreement(text + rules)) is None
