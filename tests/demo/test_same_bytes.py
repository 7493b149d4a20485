"""The same seed gives the same bytes, and a larger demo begins with a smaller one."""

from pathlib import Path

import pyarrow.csv
import pyarrow.json
import pytest
from pyarrow import parquet

from passerelle.demo import FileFormat, write_demo
from passerelle.demo.simulation import plan_demo, simulate_block
from tests.demo.company import UNTIL, bytes_of


@pytest.mark.parametrize("file_format", ["parquet", "csv", "jsonl"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, file_format: FileFormat) -> None:
    for folder in ("once", "again"):
        write_demo(tmp_path / folder, leads=400, seed=7, until=UNTIL, file_format=file_format)

    once, again = bytes_of(tmp_path / "once"), bytes_of(tmp_path / "again")

    assert len(once) >= 4
    assert once == again


def test_another_seed_gives_other_people_and_other_events(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_demo(tmp_path / str(seed), leads=200, seed=seed, until=UNTIL, file_format="csv")

    one, two = bytes_of(tmp_path / "1"), bytes_of(tmp_path / "2")

    assert [name for name in one if one[name] == two[name]] == []


def test_a_larger_demo_begins_with_the_leads_of_a_smaller_one(tmp_path: Path) -> None:
    for leads in (300, 10_020):
        write_demo(tmp_path / str(leads), leads=leads, seed=3, until=UNTIL, file_format="csv")

    small = (tmp_path / "300" / "events.csv").read_bytes()
    large = (tmp_path / "10020" / "events.csv").read_bytes()

    assert large.startswith(small)
    assert b"L00010020" in (tmp_path / "10020" / "leads.csv").read_bytes()


def test_a_block_is_the_same_whichever_was_simulated_before() -> None:
    plan = plan_demo(seed=5, until=UNTIL, months=3, events_per_lead=8)

    after_another = [simulate_block(plan, number, most=500) for number in (0, 1)][1]
    alone = simulate_block(plan, 1, most=500)

    assert alone.events.equals(after_another.events)
    assert alone.leads.equals(after_another.leads)


def test_all_formats_tell_the_same(tmp_path: Path) -> None:
    formats: tuple[FileFormat, ...] = ("parquet", "csv", "jsonl")
    summaries = [
        write_demo(tmp_path / name, leads=300, seed=4, until=UNTIL, file_format=name)
        for name in formats
    ]

    from_parquet = parquet.read_table(tmp_path / "parquet" / "leads.parquet")
    from_csv = pyarrow.csv.read_csv(tmp_path / "csv" / "leads.csv")
    from_json = pyarrow.json.read_json(tmp_path / "jsonl" / "leads.jsonl")

    assert len({summary.events for summary in summaries}) == 1
    assert from_csv.column_names == from_parquet.column_names
    for name in ("lead", "last_name", "job_title", "company", "region", "employees"):
        told = from_parquet[name].to_pylist()
        assert [value or None for value in from_csv[name].to_pylist()] == told
        assert from_json[name].to_pylist() == told


def test_french_names_keep_their_accents_in_text_files(tmp_path: Path) -> None:
    write_demo(tmp_path, leads=2_000, seed=1, until=UNTIL, file_format="csv", events_per_lead=4)

    leads = (tmp_path / "leads.csv").read_text("utf-8")
    events = (tmp_path / "events.csv").read_text("utf-8")

    for text in ("Hélène", "Lefèvre", "Directrice d'exploitation", "Île-de-France"):
        assert text in leads
    assert "Résoudre dès la première visite" in events
