"""Dates and decimals of a column: found in its cells, or asked of the user."""

from datetime import date

import pytest

from passerelle.files import Problem
from tests.files.desk import Desk, problem_of


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["12,5", "12,500"], [12.5, 12.5]),
        (["12.5", "12,500"], [12.5, 12500.0]),
        (["1 234,5", "7,125"], [7.125, 1234.5]),
        (["1,234,567", "1,234"], [1234.0, 1234567.0]),
        (["0,125", "1,125"], [0.125, 1.125]),
        (["1.234.567", "1.234"], [1234.0, 1234567.0]),
        (["1.234", "3"], [1.234, 3.0]),
    ],
)
def test_what_stands_before_the_decimals_shows_in_the_column(
    desk: Desk, cells: list[str], read: list[float]
) -> None:
    desk.read_leads("lead;employees\n" + "".join(f"l{n};{cell}\n" for n, cell in enumerate(cells)))

    assert sorted(value for (value,) in desk.rows("employees")) == read


def test_a_column_without_evidence_follows_the_others(desk: Desk) -> None:
    desk.read_leads(
        "lead;employees;budget\na;12,500;3,5\n", fields={"employees": "number", "budget": "number"}
    )

    assert desk.rows("employees, budget") == [(12.5, 3.5)]


def test_a_number_that_can_be_read_in_two_ways_stops_until_the_mapping_says(desk: Desk) -> None:
    content = "lead;employees\na;12,500\nb;3\n"

    problem = problem_of(desk.read_leads, content)

    assert problem.code == Problem.AMBIGUOUS_NUMBERS
    assert problem.data == {"column": "employees", "cell": "12,500"}
    assert "decimal: comma" in problem.says("fr")
    desk.read_leads(content, mapping="decimal: comma")
    assert desk.rows("employees") == [(3.0,), (12.5,)]
    desk.read_leads(content, mapping="decimal: point")
    assert desk.rows("employees") == [(3.0,), (12500.0,)]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["03/04/2024", "31/12/2023"], date(2024, 4, 3)),
        (["03/04/2024", "12/31/2023"], date(2024, 3, 4)),
        (["03/04/2024 10:00", "15.12.2023"], date(2024, 4, 3)),
        (["05/05/2024"], date(2024, 5, 5)),
    ],
)
def test_whether_the_day_or_the_month_comes_first_shows_in_the_column(
    desk: Desk, cells: list[str], read: date
) -> None:
    desk.read_leads("lead,created_at\n" + "".join(f"l{n},{cell}\n" for n, cell in enumerate(cells)))

    assert desk.rows("max(created_at)") == [(read,)]


def test_dates_that_can_be_read_in_two_ways_stop_until_the_mapping_says(desk: Desk) -> None:
    content = "lead,created_at\na,03/04/2024\nb,2024-01-01\n"

    problem = problem_of(desk.read_leads, content)

    assert problem.code == Problem.AMBIGUOUS_DATES
    assert problem.data == {"column": "created_at", "cell": "03/04/2024"}
    desk.read_leads(content, mapping="dates: day_first")
    assert desk.rows("created_at") == [(date(2024, 1, 1),), (date(2024, 4, 3),)]
    desk.read_leads(content, mapping="dates: month_first")
    assert desk.rows("created_at") == [(date(2024, 1, 1),), (date(2024, 3, 4),)]


def test_times_without_an_offset_are_on_the_clocks_of_the_agreement_or_of_the_mapping(
    desk: Desk,
) -> None:
    content = "lead,event,occurred_at\nzoe,page,2024-05-01 10:00\n"

    desk.read_events(content, timezone="Europe/Paris")
    in_paris = desk.rows("CAST(occurred_at AS VARCHAR)", "events")
    desk.read_events(content, timezone="Europe/Paris", mapping="timezone: America/New_York")
    in_new_york = desk.rows("CAST(occurred_at AS VARCHAR)", "events")

    assert in_paris == [("2024-05-01 08:00:00",)]
    assert in_new_york == [("2024-05-01 14:00:00",)]


def test_one_way_of_writing_rules_the_column_and_the_others_are_told(desk: Desk) -> None:
    loaded = desk.read_leads("lead;employees\na;12,5\nb;13,5\nc;14.5\n")

    assert desk.rows("employees") == [(12.5,), (13.5,), (None,)]
    assert desk.rejects(loaded) == [("leads.csv", 4, "bad_number", "cell_emptied")]
