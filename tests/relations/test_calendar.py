"""Local days, midnights and periods in columns are those of Python's time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import ibis
import pytest

from passerelle.relations.calendar import day_number, local_day, midnight, period, seconds
from passerelle.relations.sql import sql

ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
SWITCHES = [
    date(2024, month, day) for month, day in ((3, 10), (3, 31), (4, 7), (10, 6), (10, 27), (11, 3))
]
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("name", ZONES)
def test_every_half_hour_around_a_change_of_clocks_falls_on_its_local_day(name: str) -> None:
    zone = ZoneInfo(name)
    starts = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in SWITCHES]
    instants = [
        start + timedelta(minutes=30 * step) + tick
        for start in starts
        for step in range(-48, 72)
        for tick in (-TICK, timedelta(), TICK)
    ]

    table = ibis.table({"instant": "timestamp(6)"}, name="t")
    found = _run(
        table.select("instant", day=local_day(seconds(table.instant), zone, until=UNTIL)),
        "instant TIMESTAMP",
        [(at.replace(tzinfo=None),) for at in instants],
    )

    assert found == [
        (at.replace(tzinfo=None), day_number(at.astimezone(zone).date())) for at in instants
    ]


@pytest.mark.parametrize("name", ZONES)
def test_a_day_begins_when_its_clocks_say_so(name: str) -> None:
    zone = ZoneInfo(name)
    days = [day + timedelta(days=step) for day in SWITCHES for step in range(-2, 3)]

    table = ibis.table({"day": "int64"}, name="t")
    at = midnight(table.day, zone, until=UNTIL).cast("timestamp(6)")
    found = _run(table.select("day", at=at), "day BIGINT", [(day_number(day),) for day in days])

    assert found == [
        (
            day_number(day),
            datetime(day.year, day.month, day.day, tzinfo=zone)
            .astimezone(UTC)
            .replace(tzinfo=None),
        )
        for day in days
    ]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    days = [date(2023, 12, 20) + timedelta(days=step) for step in range(80)]

    table = ibis.table({"day": "int64"}, name="t")
    told = table.select("day", week=period(table.day, "week"), month=period(table.day, "month"))
    found = _run(told, "day BIGINT", [(day_number(day),) for day in days])

    weeks = {row[1]: day.isocalendar()[:2] for row, day in zip(found, days, strict=True)}
    months = {row[2]: (day.year, day.month) for row, day in zip(found, days, strict=True)}
    assert [weeks[row[1]] for row in found] == [day.isocalendar()[:2] for day in days]
    assert [months[row[2]] for row in found] == [(day.year, day.month) for day in days]
    assert len(set(weeks.values())) == len(weeks)
    assert len(set(months.values())) == len(months)


def _run(relation: ibis.Table, columns: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true")
        engine.execute(f"CREATE TABLE t ({columns})")
        engine.executemany("INSERT INTO t VALUES (?)", rows)
        found: list[tuple[Any, ...]] = engine.execute(sql(relation)).fetchall()
        return found
