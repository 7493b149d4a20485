"""One cell as a number, a yes or no, a date or an instant, however it is written."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.files import cells

CONNECTION = duckdb.connect()
PARIS = "Europe/Paris"
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1))  # noqa: DTZ001 - wall clocks


def value_of(expression: str, cell: str) -> Any:
    ((value,),) = CONNECTION.execute(
        f"SELECT {expression} FROM (SELECT CAST(? AS VARCHAR) AS x)", [cell]
    ).fetchall()
    return value


def number(cell: str, decimal: cells.Decimal = "point", *, json: bool = False) -> float | None:
    value: float | None = value_of(cells.number("x", decimal, json=json), cell)
    return value


def instant(cell: str, order: cells.Order | None = None) -> datetime | None:
    written = value_of(cells.iso("x", order), cell)
    moment: datetime | None = value_of(cells.instant("x", PARIS), written)
    return moment


def day(cell: str, order: cells.Order | None = None) -> date | None:
    written = value_of(cells.iso("x", order), cell)
    found: date | None = value_of(cells.day("x", PARIS), written)
    return found


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("12 500 €", 12500),
        ("12\u202f500,50\u00a0€", 12500.5),
        ("1.234.567,8", 1234567.8),
        ("-€12", -12),
        ("€ 12,5", 12.5),
        ("45 %", 45),
        ("\u221245,5 %", -45.5),
        ("1 250 CHF", 1250),
        ("1'250", 1250),
        ("0,5", 0.5),
        ("12,", 12),
    ],
)
def test_french_numbers_are_read(cell: str, read: float) -> None:
    assert number(cell, "comma") == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [("$12,500.75", 12500.75), ("1.5e3", 1500), (".5", 0.5), ("1,234,567", 1234567), ("+7", 7)],
)
def test_english_numbers_are_read(cell: str, read: float) -> None:
    assert number(cell) == read


@pytest.mark.parametrize(
    "cell",
    ["06 12 34 56 78", "12€50", "11-50", "1 2", "1e999", "inf", "1_000", "12,34,567", "€", "--1"],
)
@pytest.mark.parametrize("decimal", ["comma", "point"])
def test_what_only_resembles_a_number_is_none(cell: str, decimal: cells.Decimal) -> None:
    assert number(cell, decimal) is None


@given(
    st.integers(-(10**13), 10**13),
    st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009", "'", "’", "other"]),
    st.integers(0, 3),
    st.sampled_from([("", ""), ("€", ""), ("", " €"), ("", "%"), ("$ ", ""), ("", "\u00a0EUR")]),
    st.sampled_from(["comma", "point"]),
)
def test_a_number_comes_back_whatever_its_separators_and_signs(
    units: int, separator: str, places: int, signs: tuple[str, str], decimal: cells.Decimal
) -> None:
    point, other = (",", ".") if decimal == "comma" else (".", ",")
    whole, rest = divmod(abs(units), 10**places)
    digits = f"{whole:,}".replace(",", other if separator == "other" else separator)
    decimals = f"{point}{rest:0{places}d}" if places else ""
    minus = "-" if units < 0 else ""

    read = number(f"{minus}{signs[0]}{digits}{decimals}{signs[1]}", decimal)

    assert read == float(f"{minus}{whole}.{rest:0{places}d}" if places else f"{minus}{whole}")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_of_json_comes_back_though_french_ones_are_expected(value: float) -> None:
    text = repr(value)
    if "." in text and "e" not in text and len(text.split(".")[1]) == 3:
        return  # 1.234 is a French thousand; the next test says that JSON's is told by its file

    assert number(text, "comma", json=True) == value


@given(st.text(max_size=20))
def test_no_text_is_more_than_a_cell_can_bear(text: str) -> None:
    text = text.replace("\0", "")

    number(text, "comma")
    number(text, "point")
    for order in (None, "day_first", "month_first"):
        written = value_of(cells.iso("x", order), text)
        if written is not None:
            value_of(f"CAST({cells.instant('x', PARIS)} AS VARCHAR)", written)
            value_of(f"CAST({cells.day('x', PARIS)} AS VARCHAR)", written)
    value_of(cells.boolean("x"), text)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2024-03-01T10:00:00Z", "2024-03-01 10:00:00"),
        ("2024-03-01T10:00:00.123456+02:00", "2024-03-01 08:00:00.123456"),
        ("2024-03-01 10:00:00+0200", "2024-03-01 08:00:00"),
        ("2024-03-01 10:00:00 +02:00", "2024-03-01 08:00:00"),
        ("2024-03-01 10:00:00 UTC", "2024-03-01 10:00:00"),
        ("2024-03-01 10:00", "2024-03-01 09:00:00"),
        ("2024-07-01 10:00", "2024-07-01 08:00:00"),
        ("2024/3/1 9:05", "2024-03-01 08:05:00"),
        ("2024-03-01", "2024-02-29 23:00:00"),
        ("20240301", "2024-02-29 23:00:00"),
        ("1709287200", "2024-03-01 10:00:00"),
        ("1709287200.5", "2024-03-01 10:00:00.500000"),
        ("1709287200123", "2024-03-01 10:00:00.123000"),
        ("1709287200123456", "2024-03-01 10:00:00.123456"),
        ("01/03/2024 à 10h00", "2024-03-01 09:00:00"),
        ("01/03/2024 10:00:30", "2024-03-01 09:00:30"),
        ("1.3.2024 2:05 PM", "2024-03-01 13:05:00"),
    ],
)
def test_instants_of_any_usual_writing_are_utc(cell: str, read: str) -> None:
    assert str(instant(cell, "day_first")) == read


@pytest.mark.parametrize(
    "cell", ["2024-02-30", "2024-03-01 25:00", "soon", "32/01/2024", "12", "2024-13-01T00:00Z"]
)
def test_what_is_no_instant_is_none(cell: str) -> None:
    assert instant(cell, "day_first") is None


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_an_instant_with_an_offset_comes_back_to_the_microsecond(
    moment: datetime, minutes: int
) -> None:
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"

    assert instant(f"{moment.isoformat()}{offset}") == moment - timedelta(minutes=minutes)


@given(MOMENTS)
def test_a_naive_instant_is_read_on_the_clocks_of_its_time_zone(moment: datetime) -> None:
    local = moment.replace(tzinfo=ZoneInfo(PARIS))
    expected = local.astimezone(UTC)
    if expected.astimezone(ZoneInfo(PARIS)).replace(tzinfo=None) != moment:
        return  # the hour that spring leaves out; it is read, but on which side is not promised
    twice = local.replace(fold=1).astimezone(UTC)

    read = instant(moment.isoformat(sep=" "))

    assert read in {expected.replace(tzinfo=None), twice.replace(tzinfo=None)}


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from("/.-"))
def test_a_slashed_date_comes_back_in_either_order(expected: date, mark: str) -> None:
    assert day(expected.strftime(f"%d{mark}%m{mark}%Y"), "day_first") == expected
    assert day(expected.strftime(f"%m{mark}%d{mark}%Y"), "month_first") == expected


def test_an_instant_falls_on_its_day_in_the_time_zone() -> None:
    assert day("2024-03-01T23:30:00Z") == date(2024, 3, 2)
    assert day("2024-03-01 23:30:00") == date(2024, 3, 1)


@pytest.mark.parametrize("cell", ["Oui", "YES", "vrai", "true", "1", "o"])
def test_yes_in_both_languages(cell: str) -> None:
    assert value_of(cells.boolean("x"), cell) is True


@pytest.mark.parametrize("cell", ["Non", "no", "FAUX", "false", "0", "n"])
def test_no_in_both_languages(cell: str) -> None:
    assert value_of(cells.boolean("x"), cell) is False


@pytest.mark.parametrize(
    "cell", ["", "  ", "NULL", "None", "n/a", "NaN", "-", "\u00a0", " select "]
)
def test_a_marker_for_nothing_is_nothing(cell: str) -> None:
    assert value_of(cells.clean("x", missing=["Select"]), cell) is None


@given(st.text(max_size=12))
def test_a_clean_cell_is_its_text_without_blanks_around_it(text: str) -> None:
    kept = text.replace("\0", "").strip(" \t\r\n\u00a0\u202f\u2009")
    if kept.lower() in {"", *cells.MISSING} or kept.startswith("'"):
        return

    assert value_of(cells.clean("x"), text.replace("\0", "")) == kept
