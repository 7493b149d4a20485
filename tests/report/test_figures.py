"""Numbers, dates and texts are written as a person of the language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from passerelle.report import figures
from passerelle.report.palette import heat, told_apart
from passerelle.report.plain_text import plain
from passerelle.words import Language


@pytest.mark.parametrize(
    ("part", "whole", "language", "written"),
    [
        (1, 8, "en", "12.5%"),
        (1, 8, "fr", "12,5\u00a0%"),
        (0, 8, "en", "0%"),
        (8, 8, "en", "100%"),
        (1, 100_000, "en", "< 0.1%"),
        (99_999, 100_000, "en", "> 99.9%"),
        (0, 0, "en", "–"),
    ],
)
def test_a_share_is_never_nothing_or_all_of_what_is_not_quite(
    part: float, whole: float, language: Language, written: str
) -> None:
    assert figures.share(part, whole, language) == written


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (Decimal("1234.5"), "en", "+1,234.5"),
        (Decimal("1234.5"), "fr", "+1\u202f234,5"),
        (-0.004, "en", "0"),
        (Decimal("-12.345"), "en", "−12.34"),
        (None, "en", "–"),
    ],
)
def test_points_are_written_to_the_hundredth_with_their_sign(
    value: Decimal | float | None, language: Language, written: str
) -> None:
    assert figures.signed(value, language) == written


def test_the_first_of_a_month_is_written_as_the_french_do() -> None:
    assert figures.day(date(2026, 3, 1), "fr") == "1er mars 2026"
    assert figures.day(date(2026, 3, 11), "fr") == "11 mars 2026"
    assert figures.day(date(2026, 3, 1), "en") == "1 March 2026"


def test_an_instant_is_told_in_the_zone_of_the_agreement() -> None:
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)

    assert figures.instant(at, ZoneInfo("Europe/Paris"), "fr") == "1er mars 2026, 00:30"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202ecba\u0000\u0007b", "acbab"),
        ("  two\n\tlines  ", "two lines"),
        ("«\u00a0cité\u00a0»", "«\u00a0cité\u00a0»"),
        ("👩\u200d💻 שלום", "👩\u200d💻 שלום"),
        ("\ud800", ""),
        ("x" * 100, "x" * 79 + "…"),
        (None, "None"),
    ],
)
def test_signs_that_play_tricks_are_left_out(text: object, seen: str) -> None:
    assert plain(text) == seen


def test_heat_tells_a_little_from_nothing() -> None:
    assert [heat(n, 1000) for n in (0, 1, 30, 500, 1000)] == [0, 1, 2, 5, 6]
    assert heat(0, 0) == 0


def test_labels_that_would_touch_stand_on_different_rows() -> None:
    assert told_apart([(0, 10), (10, 20), (5, 15), (16, 30), (3, 4)]) == [0, 0, 1, 1, 1]
