"""Ranges of numbers, and levels compared to them to the millionth of a point."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic_core import PydanticCustomError

from passerelle.core.ranges import Range, looks_like_range, parse_range


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("<10", ["9.999999", "-4"], ["10", "11"]),
        ("<=10", ["10"], ["10.000001"]),
        (">10", ["10.000001"], ["10"]),
        (">=10", ["10"], ["9.999999"]),
        ("50..499", ["50", "499", "100.5"], ["49.9", "499.1"]),
        ("50..<500", ["50", "499.999"], ["500"]),
        ("80", ["80", "80.0"], ["80.1"]),
        ("=80", ["80"], ["79"]),
        ("-5..-1", ["-5", "-1"], ["0", "-6"]),
        (">= 10", ["10"], ["9"]),
        ("1 .. 2", ["1.5"], ["3"]),
        ("0.5..0.75", ["0.5", "0.75"], ["0.76"]),
    ],
)
def test_a_range_holds_what_its_sign_says(
    written: str, inside: list[str], outside: list[str]
) -> None:
    found = parse_range(written)

    assert [n for n in inside if found.holds(Decimal(n))] == inside
    assert [n for n in outside if found.holds(Decimal(n))] == []


@pytest.mark.parametrize(
    "written", ["", "many", "10..", "..10", "<<3", "10-20", "1e3", "1_0", True]
)
def test_another_spelling_is_no_range(written: object) -> None:
    with pytest.raises(PydanticCustomError, match="is not a range"):
        parse_range(written)


@pytest.mark.parametrize("written", ["9..3", "5..<5"])
def test_a_range_that_holds_no_number_is_refused(written: str) -> None:
    with pytest.raises(PydanticCustomError, match="holds no number"):
        parse_range(written)


def test_a_range_of_one_number_is_written_as_two_equal_ends() -> None:
    assert parse_range("5..5") == parse_range("5")


@pytest.mark.parametrize("written", ["<10", "<=10", ">10", ">=10", "50..499", "50..<500", "80"])
def test_a_range_is_written_as_it_was_read(written: str) -> None:
    assert str(parse_range(written)) == written


def test_a_level_a_rounding_away_from_its_line_stands_on_it() -> None:
    hair = Decimal("0.0000004")
    fifty = Decimal(50)

    assert parse_range(">=50").holds_level(fifty - hair)
    assert not parse_range(">=50").holds_level(fifty - 2 * hair)
    assert not parse_range(">50").holds_level(fifty + hair)
    assert parse_range(">50").holds_level(fifty + 2 * hair)
    assert parse_range("<=50").holds_level(fifty + hair)
    assert not parse_range("<50").holds_level(fifty - hair)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("<10", ">=10", False),
        ("<=10", ">=10", True),
        ("<10", ">9", True),
        ("1..5", "5..9", True),
        ("1..<5", "5..9", False),
        ("1..5", "6..9", False),
        ("3", "1..5", True),
    ],
)
def test_ranges_overlap_when_a_number_lies_in_both(
    first: str, second: str, *, overlap: bool
) -> None:
    assert parse_range(first).overlaps(parse_range(second)) is overlap
    assert parse_range(second).overlaps(parse_range(first)) is overlap


@pytest.mark.parametrize(
    ("low", "high", "overlap"), [(0, 5, False), (0, 6, True), (9, 20, True), (10, 20, False)]
)
def test_a_closed_stretch_overlaps_a_range_by_both_its_ends(
    low: int, high: int, *, overlap: bool
) -> None:
    assert parse_range("6..<10").overlaps_closed(Decimal(low), Decimal(high)) == overlap


def test_a_range_without_ends_holds_everything() -> None:
    assert Range().holds(Decimal("-1e9"))
    assert not Range().is_empty()


def test_a_plain_number_or_word_does_not_look_like_a_range() -> None:
    looks = [
        t for t in ("<10", "5..9", ">= 3", "80", "pricing", "<b>", "a..b") if looks_like_range(t)
    ]

    assert looks == ["<10", "5..9", ">= 3"]
