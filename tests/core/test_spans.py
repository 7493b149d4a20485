"""Spans of time as people write them, up to a century and not a second longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic_core import PydanticCustomError

from passerelle.core.spans import parse_days, parse_span

CENTURY = timedelta(days=100 * 365)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("30min", timedelta(minutes=30)),
        (" 2 h ", timedelta(hours=2)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("1mo", timedelta(days=30)),
        ("1y", timedelta(days=365)),
        ("000000000030d", timedelta(days=30)),
        ("100y", CENTURY),
        ("3153600000s", CENTURY),
    ],
)
def test_a_span_is_a_number_and_a_unit(written: str, meant: timedelta) -> None:
    assert parse_span(written) == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("30 dayz", "not_a_span"),
        ("30", "not_a_span"),
        ("1.5h", "not_a_span"),
        ("-1d", "not_a_span"),
        ("0d", "not_a_span"),
        ("000s", "not_a_span"),
        (30, "not_a_span"),
        (None, "not_a_span"),
        ("3153600001s", "span_too_long"),
        ("10000000000s", "span_too_long"),
        ("101y", "span_too_long"),
    ],
)
def test_nothing_else_is_a_span(written: object, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_span(written)

    assert refused.value.type == code


@pytest.mark.parametrize(("written", "days"), [("24h", 1), ("1w", 7), ("86400s", 1), ("1y", 365)])
def test_days_are_whole(written: str, days: int) -> None:
    assert parse_days(written) == days


@pytest.mark.parametrize("written", ["25h", "1s", "86401s", "90m"])
def test_a_part_of_a_day_is_no_number_of_days(written: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_days(written)

    assert refused.value.type == "not_days"
