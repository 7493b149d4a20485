"""Overrides in columns: a golden table of levels that were set, frozen, forced and lifted."""

from __future__ import annotations

from typing import Any

import duckdb

from passerelle.core.history import Event
from tests.core.builders import MICROSECOND, NOW, a_lead, a_rule, ago, an_agreement, an_event
from tests.relations.desk import scored

AGREEMENT = an_agreement(
    a_rule(key="page", event="page", points=10),
    a_rule(key="download", event="download", points=16, half_life="10d"),
    a_rule(
        key="opened",
        group="mail",
        event="email_opened",
        points=1,
        limit={"times": 1, "per": "ever"},
    ),
    a_rule(key="burst", velocity={"events": "clicked", "at_least": 2, "within": "3d"}, points=3),
    a_rule(key="papers", distinct={"of": "asset", "at_least": 2}, points=2),
    groups={"mail": {"dimension": "engagement", "max": 20}},
    fields={"email": "text"},
    overrides=[
        {"key": "low", "event": "lowered", "where": {"by": "sales"}, "set": {"engagement": 5}},
        {"key": "high", "event": "lifted", "set": {"engagement": 9}},
        {"key": "ice", "event": "frozen", "freeze": True, "until": "thawed"},
        {"key": "rest", "event": "paused", "where": {"by": "sales"}, "freeze": True},
        {"key": "one", "field": "email", "domain_in": ["one.example"], "force": {"engagement": 1}},
        {"key": "two", "event": "forced", "force": {"engagement": 2}, "window": "7d"},
        {"key": "floor", "event": "named", "floor": {"engagement": 50}, "window": "7d"},
    ],
)
ONE = {"email": "a@one.example"}


def at(name: str, days: float, ticks: int = 0, **properties: Any) -> Event:
    instant = ago(days) + ticks * MICROSECOND
    return an_event(name, at=instant, id=f"{name} {days} {ticks}", **properties)


LOWERED = at("lowered", 2, by="sales")
CASES: dict[str, tuple[list[Event], dict[str, Any], float]] = {
    "two pages": ([at("page", 3), at("page", 2)], {}, 20),
    "set": ([at("page", 3), LOWERED], {}, 5),
    "set by nobody": ([at("page", 3), at("lowered", 2, by="mail")], {}, 10),
    "a page as it was set": ([at("page", 2), LOWERED], {}, 5),
    "a page a tick later": ([at("page", 2, 1), LOWERED], {}, 15),
    "set again": ([LOWERED, at("lifted", 1)], {}, 9),
    "set again, the other way": ([at("lifted", 3), LOWERED], {}, 5),
    "set twice at once, as written later": ([LOWERED, at("lifted", 2)], {}, 9),
    "a limit met before it was set": (
        [at("email_opened", 3), LOWERED, at("email_opened", 1)],
        {},
        5,
    ),
    "a burst that ends as it was set": ([at("clicked", 3), at("clicked", 2), LOWERED], {}, 5),
    "a burst that ends later": ([at("clicked", 3), at("clicked", 2, 1), LOWERED], {}, 8),
    "one paper seen before": (
        [at("read", 2, asset="a"), at("read", 1, asset="b"), LOWERED],
        {},
        5,
    ),
    "both seen since": ([at("read", 2, 1, asset="a"), at("read", 1, asset="b"), LOWERED], {}, 7),
    "frozen": ([at("page", 3), at("frozen", 2), at("page", 1)], {}, 10),
    "a page as it was frozen": ([at("page", 2), at("frozen", 2), at("page", 2, 1)], {}, 10),
    "frozen, so nothing fades": ([at("download", 20), at("frozen", 10)], {}, 8),
    "frozen twice": ([at("frozen", 3), at("page", 2), at("frozen", 1)], {}, 0),
    "frozen, then set": ([at("page", 4), at("frozen", 3), LOWERED], {}, 10),
    "set, then frozen": ([at("page", 4), LOWERED, at("frozen", 1), at("page", 0)], {}, 5),
    "thawed": ([at("page", 4), at("frozen", 3), at("page", 2), at("thawed", 1)], {}, 20),
    "frozen as it was thawed": (
        [at("page", 4), at("thawed", 2), at("frozen", 2), at("page", 1)],
        {},
        20,
    ),
    "frozen a tick later": (
        [at("page", 4), at("thawed", 2), at("frozen", 2, 1), at("page", 1)],
        {},
        10,
    ),
    "paused for good": ([at("page", 3), at("paused", 2, by="sales"), at("thawed", 1)], {}, 10),
    "paused, and frozen earlier": (
        [at("page", 4), at("frozen", 3), at("page", 2), at("paused", 1, by="sales")],
        {},
        10,
    ),
    "paused by nobody": ([at("paused", 2), at("page", 1)], {}, 10),
    "forced": ([at("page", 1), at("forced", 6)], {}, 2),
    "forced no more": ([at("page", 1), at("forced", 7)], {}, 10),
    "forced by a field": ([at("page", 1)], ONE, 1),
    "forced twice, as written first": ([at("forced", 1)], ONE, 1),
    "lifted": ([at("page", 1), at("named", 6)], {}, 50),
    "lifted no more": ([at("page", 1), at("named", 7)], {}, 10),
    "higher than the floor": ([*(at("page", 1, n) for n in range(6)), at("named", 1)], {}, 60),
    "forced and lifted": ([at("forced", 1), at("named", 1)], {}, 2),
    "tomorrow": ([an_event("lowered", at=NOW + MICROSECOND, by="sales"), at("page", 1)], {}, 10),
}


def test_levels_are_set_frozen_forced_and_lifted_to_the_instant(
    desk: duckdb.DuckDBPyConnection,
) -> None:
    leads = [a_lead(*events, key=key, **fields) for key, (events, fields, _) in CASES.items()]

    found = scored(desk, AGREEMENT, leads)

    levels = {key: row["level__engagement"] for key, row in found.items()}
    assert levels == {key: level for key, (*_, level) in CASES.items()}
