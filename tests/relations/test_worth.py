"""What rules are worth, in columns: golden tables of what each day leaves, down to its last one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from tests.core.builders import MICROSECOND, a_lead, a_rule, ago, an_agreement, an_event
from tests.relations.desk import scored

HOUR = timedelta(hours=1)
BURST = {"events": "page", "at_least": 2, "within": "1h"}
PAGE: dict[str, Any] = {"event": "page", "points": 8}
DAYS: Mapping[str, tuple[dict[str, Any], dict[int, float]]] = {
    "halved": ({**PAGE, "half_life": "10d"}, {0: 16, 10: 8, 20: 4}),
    "linear": (
        {**PAGE, "linear_decay": {"percent": 25, "per": "2d"}},
        {0: 16, 1: 14, 2: 12, 7: 2, 8: 0, 9: 0},
    ),
    "steps": (
        {**PAGE, "step_decay": {"percent": 25, "every": "5d"}},
        {0: 16, 4: 16, 5: 12, 10: 8, 19: 4, 20: 0, 30: 0},
    ),
    "expires": ({**PAGE, "expires": "7d"}, {0: 16, 6: 16, 7: 0}),
    "window": ({**PAGE, "window": "7d"}, {0: 16, 6: 16, 7: 0}),
    "both": ({**PAGE, "half_life": "10d", "window": "11d"}, {0: 16, 10: 8, 11: 0}),
    "forever": ({**PAGE, "points": -3}, {0: -6, 30: -6}),
    "first": ({**PAGE, "first_only": "person", "half_life": "10d"}, {0: 8, 10: 4, 20: 2}),
    "limited": (
        {**PAGE, "limit": {"points": 12, "per": "week"}, "window": "7d"},
        {0: 12, 6: 12, 7: 0},
    ),
    "visited": (
        {"visit": {}, "points": 6, "step_decay": {"percent": 50, "every": "5d"}},
        {0: 12, 4: 12, 5: 6, 10: 0},
    ),
    "counted": (
        {"event": "page", "counts": {"1": 3, ">=2": 5}, "window": "7d"},
        {0: 5, 6: 5, 7: 0},
    ),
    "rested": (
        {"event": "page", "counts": {"1": 3, ">=2": 5}, "cool_down": "1d", "window": "7d"},
        {0: 3, 6: 3, 7: 0},
    ),
    "seen": (
        {"distinct": {"of": "path", "at_least": 2}, "points": 4, "window": "7d"},
        {6: 4, 7: 0},
    ),
    "visits": (
        {"distinct": {"of": "visit", "at_least": 1}, "points": 4, "window": "7d"},
        {6: 4, 7: 0},
    ),
    "burst": ({"velocity": {**BURST}, "points": 4, "window": "7d"}, {0: 4, 6: 4, 7: 0}),
    "faded": ({"velocity": {**BURST}, "points": 4, "half_life": "10d"}, {0: 4, 10: 2}),
    "silent": ({"inactive": {"for": "5d"}, "points": -2}, {0: 0, 4: 0, 5: -2, 30: -2}),
    "silence": (
        {"inactive": {"for": "5d", "every": "2d"}, "points": -2},
        {4: 0, 5: -2, 6: -2, 7: -4, 11: -8},
    ),
}
"""By rule, what is left of it so many days after two pages that were seen within an hour."""


def test_what_is_left_of_two_pages_after_so_many_days(desk: duckdb.DuckDBPyConnection) -> None:
    agreement = an_agreement(*(a_rule(key=key, **parts) for key, (parts, _) in DAYS.items()))
    ages = sorted({age for _, left in DAYS.values() for age in left})
    leads = [
        a_lead(
            an_event("page", at=ago(age) - HOUR + MICROSECOND, id=f"{age} a", path="/a"),
            an_event("page", at=ago(age), id=f"{age} b", path="/b"),
            key=str(age),
        )
        for age in ages
    ]

    found = scored(desk, agreement, leads)

    left = {
        key: {age: found[str(age)][f"left__{key}"] for age in days}
        for key, (_, days) in DAYS.items()
    }
    assert left == {key: pytest.approx(days) for key, (_, days) in DAYS.items()}
