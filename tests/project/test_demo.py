"""`passerelle demo` and `demo-data`: a company from nothing to a report."""

import json
from pathlib import Path

import pytest

from tests.project.desk import passerelle


def test_the_demo_makes_a_company_ranks_its_leads_and_writes_a_report(tmp_path: Path) -> None:
    folder = tmp_path / "demo"

    first = passerelle("demo", folder, "--leads", "150")
    made = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.csv")}
    again = passerelle("demo", folder, "--leads", "150", "--language", "fr")

    assert (first.code, again.code) == (0, 0)
    assert (folder / "report.html").read_text("utf-8").count("<svg") >= 1
    assert "report.html" in first.out
    assert "The best leads" in first.out
    assert "Les meilleurs leads" in again.out
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("*.csv")} == made


def test_the_demos_agreement_suits_its_company(tmp_path: Path) -> None:
    passerelle("demo-data", tmp_path, "--leads", "600", "--format", "parquet", "--quiet")

    ended = passerelle(
        "score", tmp_path / "leads.parquet", tmp_path / "events" / "*.parquet", "-a", "demo",
        "--as-of", "2026-07-01T00:00Z", "--json",
    )  # fmt: skip

    told = json.loads(ended.out)
    share = {stage: n / told["leads"] for stage, n in told["stages"].items()}
    assert {"contact", "lead", "mql", "handoff", "sql", "nurturing", "disqualified"} <= set(share)
    assert 0.005 < share["mql"] < 0.1
    assert share["handoff"] + share["sql"] < 0.15
    assert {one["reason"] for one in told["rejected"]} == {"duplicate_event"}


@pytest.mark.parametrize(
    ("file_format", "name"),
    [("csv", "leads.csv"), ("jsonl", "leads.jsonl"), ("parquet", "leads.parquet")],
)
def test_demo_data_come_in_the_format_that_was_asked_for(
    tmp_path: Path, file_format: str, name: str
) -> None:
    ended = passerelle("demo-data", tmp_path / "d", "--leads", "50", "--format", file_format)

    assert ended.code == 0
    assert (tmp_path / "d" / name).is_file()
    assert "50 leads" in ended.said
