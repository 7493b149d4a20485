"""The files: their order, their types, their months, and what an interruption leaves."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from passerelle.demo import FileFormat, write_demo
from passerelle.demo.vocabulary import EVENTS
from tests.demo.company import UNTIL, Company, bytes_of


def test_there_is_a_file_a_month_and_each_is_sorted_by_lead_then_time(company: Company) -> None:
    files = sorted((company.folder / "events").glob("*.parquet"))

    months = {
        file.stem: parquet.read_table(file, columns=["lead", "occurred_at"]) for file in files
    }

    assert [name for name in months if "2025-03" <= name <= "2026-02"] == list(months)[-12:]
    for name, table in months.items():
        keys = list(zip(table["lead"].to_pylist(), table["occurred_at"].to_pylist(), strict=True))
        assert keys == sorted(keys)
        assert {f"{at:%Y-%m}" for _, at in keys} == {name}


def test_the_log_has_the_columns_and_the_types_that_were_agreed(company: Company) -> None:
    file = next((company.folder / "events").glob("2026-01.parquet"))

    schema = parquet.read_schema(file)

    assert schema.names == [
        "id", "lead", "event", "occurred_at", "received_at", "path", "asset", "title", "campaign",
        "channel", "source", "form", "seconds", "field", "value", "criterion", "met", "reason",
        "device",
    ]  # fmt: skip
    assert schema.field("occurred_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("event").type == pa.string()
    assert schema.field("met").type == pa.bool_()


def test_every_kind_of_event_happens_and_no_other(company: Company) -> None:
    found = {event for (event,) in company.rows("select distinct event from events")}

    assert found == set(EVENTS)


def test_every_event_belongs_to_a_lead_and_every_lead_has_its_truth(company: Company) -> None:
    orphans = company.number("select count(*) from events anti join leads using (lead)")
    untold = company.number("select count(*) from leads anti join truth using (lead)")
    homeless = company.number(
        "select count(*) from leads anti join companies using (domain) where domain is not null"
    )

    assert (orphans, untold, homeless) == (0, 0, 0)


def test_the_summary_counts_what_was_written(company: Company) -> None:
    summary = company.summary

    assert company.number("select count(*) from leads") == summary.leads == 20_000
    assert company.number("select count(*) from events") == summary.events
    assert company.number("select count(*) from companies") == summary.companies
    assert company.number("select count(*) - count(distinct id) from events") == summary.duplicates
    won = "select count(distinct lead) from events where event = 'deal_won'"
    assert company.number(won) == summary.customers
    assert sum(summary.kinds.values()) == 20_000
    assert {file.path for file in summary.files} == set(company.folder.rglob("*.parquet"))
    assert all(file.size == file.path.stat().st_size for file in summary.files)


@pytest.mark.parametrize("wanted", [8, 40])
def test_leads_are_as_active_as_was_asked(tmp_path: Path, wanted: int) -> None:
    summary = write_demo(tmp_path, leads=4_000, seed=9, until=UNTIL, events_per_lead=wanted)

    assert summary.events / summary.leads == pytest.approx(wanted, rel=0.12)


@pytest.mark.parametrize("months", [1, 24])
def test_the_log_covers_the_months_before_its_end(tmp_path: Path, months: int) -> None:
    until = datetime(2026, 3, 15, 13, 30, tzinfo=UTC)
    write_demo(tmp_path, leads=300, seed=2, until=until, months=months, file_format="csv")

    lines = (tmp_path / "events.csv").read_text("utf-8").splitlines()[1:]
    occurred = sorted(line.split('","')[3][:10] for line in lines)

    assert occurred[-1] <= "2026-03-15"
    earliest = {1: "2026-01-28", 24: "2024-02-28"}[months]
    assert occurred[0] >= earliest


def test_progress_is_told_and_reaches_the_last_lead(tmp_path: Path) -> None:
    told: list[int] = []

    write_demo(tmp_path, leads=20_500, seed=1, until=UNTIL, months=2, events_per_lead=4,
               on_progress=told.append)  # fmt: skip

    assert told == [10_000, 20_000, 20_500]


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_an_interrupted_demo_leaves_nothing_behind(tmp_path: Path, file_format: FileFormat) -> None:
    (tmp_path / "mine.txt").write_text("keep me")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path, leads=100, seed=1, until=UNTIL, file_format=file_format,
                   on_progress=interrupt)  # fmt: skip

    assert bytes_of(tmp_path) == {"mine.txt": b"keep me"}
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_memory_does_not_grow_with_the_number_of_leads(tmp_path: Path) -> None:
    held: list[int] = []

    def weigh(_: int) -> None:
        held.append(tracemalloc.get_traced_memory()[0] + pa.total_allocated_bytes())

    tracemalloc.start()
    try:
        write_demo(tmp_path, leads=50_000, seed=1, until=UNTIL, months=2, file_format="csv",
                   events_per_lead=4, on_progress=weigh)  # fmt: skip
    finally:
        tracemalloc.stop()

    assert held[-1] < 1.1 * held[1]
    assert max(held) < 300_000_000
