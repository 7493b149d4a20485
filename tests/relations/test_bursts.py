"""Bursts in columns: which event completes one, to the tick."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import duckdb
import pytest

from passerelle.core.rules import VelocityRule
from passerelle.relations.evidence import bursts
from passerelle.relations.moments import moment_at
from passerelle.relations.tables import input_tables
from tests.core.builders import MICROSECOND as TICK
from tests.core.builders import NOW, a_lead, a_rule, ago, an_agreement, an_event
from tests.parity.tables import fill, naive
from tests.relations.desk import rows_of

HOUR = timedelta(hours=1)
FORMS = [timedelta(), HOUR / 2, HOUR - TICK, HOUR, 3 * HOUR / 2 - TICK]


@pytest.mark.parametrize(
    ("at_least", "steps", "completing"),
    [
        pytest.param(3, FORMS[:2], [], id="one too few"),
        pytest.param(3, FORMS[:3], [2], id="just in time"),
        pytest.param(3, [FORMS[0], FORMS[1], FORMS[3]], [], id="a tick too late"),
        pytest.param(3, FORMS, [2, 3, 4], id="each that ends one"),
        pytest.param(3, [timedelta()] * 3, [2], id="at one instant"),
        pytest.param(2, [timedelta(), HOUR, 2 * HOUR - TICK], [2], id="two"),
    ],
)
def test_a_burst_is_completed_by_the_last_event_it_needs(
    desk: duckdb.DuckDBPyConnection,
    at_least: int,
    steps: list[timedelta],
    completing: list[int],
) -> None:
    burst = {"events": "form", "at_least": at_least, "within": "1h", "where": {"page": "trial*"}}
    agreement = an_agreement(a_rule(velocity=burst, points=1))
    times = [ago(2) + step for step in steps]
    others = [an_event("form", at=at, id=f"other {n}") for n, at in enumerate(times)]
    events = [an_event("form", at=at, id=str(n), page="trial") for n, at in enumerate(times)]
    fill(desk, agreement, [a_lead(*events, *others), a_lead(*others, key="nobody")])
    rule = cast("VelocityRule", agreement.rules[0])
    moment = moment_at(agreement, as_of=NOW)

    found = bursts(agreement, input_tables(agreement), moment, rule)

    expected: list[tuple[str, datetime]] = [("camille", naive(times[n])) for n in completing]
    assert rows_of(desk, found, "lead", "occurred_at") == expected
