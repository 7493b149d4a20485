"""`passerelle score`: the ranking on the terminal, as JSON, and in files."""

import csv
import gzip
import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from passerelle.project.clock import now
from passerelle.project.ranking import SCORED, rank
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.run import Request, open_run
from passerelle.project.terminal import Terminal
from passerelle.relations.duck import score_all
from tests.project.desk import Desk, a_desk, passerelle


def test_the_table_ranks_leads_with_stage_total_grade_and_reasons(desk: Desk) -> None:
    ended = desk.score("--quiet")

    assert ended.code == 0
    assert ended.err == ""
    best = next(line.split() for line in ended.out.splitlines() if " ann " in line)
    assert best[:7] == ["1", "ann", "MQL", "62.5", "A1", "80", "45"]
    assert "+30" in ended.said
    assert "Handed to sales 1" in ended.said


def test_the_same_in_french(desk: Desk) -> None:
    ended = desk.score("--quiet", "--language", "fr")

    assert "Les meilleurs leads" in ended.said
    assert "62,5" in ended.said
    assert "Selon" in ended.said
    assert "Transmis aux ventes 1" in ended.said


def test_how_the_files_were_read_is_told_beside_the_results(desk: Desk) -> None:
    ended = desk.score()

    assert "industry ← industry" in ended.err
    assert "Leads: 4. Events: 6." in ended.err
    assert "industry ←" not in ended.out


def test_json_alone_is_on_the_output_and_holds_all_that_is_shown(desk: Desk) -> None:
    ended = desk.score("--json")

    told = json.loads(ended.out)
    assert ended.err == ""
    assert told["leads"] == 4
    assert told["stages"] == {"contact": 2, "mql": 1, "handoff": 1}
    assert [lead["lead"] for lead in told["top"]] == ["ann", "bob", "cyd", "dan"]
    best = told["top"][0]
    assert sum(one["points"] for one in best["reasons"]) == pytest.approx(best["total"], abs=1e-6)


def test_the_interpreter_and_the_relation_agree_on_who_is_shown(desk: Desk) -> None:
    request = Request(
        agreement=str(desk.agreement), leads=[str(desk.leads)], events=[str(desk.events)],
        as_of="2026-06-30",
    )  # fmt: skip
    with showing_steps(Terminal("en", quiet=True)) as steps:
        run = open_run(request, now=now(), steps=steps)
    score_all(run.connection, run.agreement, as_of=run.as_of).create(SCORED)

    ranking = rank(run, top=10)

    assert len(ranking.leads) == 4
    for lead in ranking.leads:
        assert lead.total == pytest.approx(float(lead.score.total), abs=1e-6)
        assert lead.stage == lead.score.stage
        assert lead.grade == lead.score.levels.grade
        for key, points in lead.dimensions.items():
            assert points == pytest.approx(float(lead.score.levels.of(key)), abs=1e-6)


@pytest.mark.parametrize("name", ["s.csv", "s.csv.gz", "s.json", "s.jsonl", "s.parquet"])
def test_all_rows_go_to_the_file_that_was_asked_for(desk: Desk, name: str) -> None:
    target = desk.folder / name

    ended = desk.score("--out", target, "--top", "1")

    assert ended.code == 0
    assert target.name in ended.err
    rows = _rows(target)
    assert [row["lead"] for row in rows] == ["ann", "bob", "cyd", "dan"]
    assert float(rows[0]["total"]) == pytest.approx(62.4854, abs=1e-4)
    assert {"rank", "stage", "grade", "fit", "engagement", "fast_track"} <= set(rows[0])


def test_the_ledger_has_a_row_for_each_lead_and_rule_that_gave_or_took(desk: Desk) -> None:
    target = desk.folder / "ledger.csv"

    desk.score("--ledger", target, "--quiet")

    rows = _rows(target)
    of_ann = {row["rule"]: Decimal(row["points"]) for row in rows if row["lead"] == "ann"}
    assert set(of_ann) == {"size", "trade", "pricing", "paper"}
    assert of_ann["size"] == 60


def test_top_and_stage_choose_what_is_shown(desk: Desk) -> None:
    shown = json.loads(desk.score("--json", "--stage", "handoff").out)["top"]
    none = json.loads(desk.score("--json", "--top", "0").out)["top"]

    assert [lead["lead"] for lead in shown] == ["cyd"]
    assert none == []


def test_known_at_leaves_out_what_had_not_arrived(desk: Desk) -> None:
    then = json.loads(desk.score("--json", "--known-at", "2026-06-28").out)["top"]
    since = json.loads(desk.score("--json").out)["top"]

    points = {lead["lead"]: lead["dimensions"]["engagement"] for lead in then}
    assert points["bob"] == 0
    assert {lead["lead"]: lead["dimensions"]["engagement"] > 0 for lead in since}["bob"]


def test_a_past_instant_is_scored_as_if_nothing_had_happened_since(desk: Desk) -> None:
    whole = passerelle("score", *desk.inputs, "--as-of", "2026-06-26", "--json")
    head, *rows = desk.events.read_text().splitlines(keepends=True)
    kept = [head, *(row for row in rows if row.split(",")[3] < "2026-06-26")]
    desk.events.write_text("".join(kept), "utf-8")
    cut = passerelle("score", *desk.inputs, "--as-of", "2026-06-26", "--json")

    assert (whole.code, cut.code) == (0, 0)
    assert json.loads(whole.out)["rejected"] == []
    assert json.loads(whole.out)["top"] == json.loads(cut.out)["top"]


def test_a_date_is_its_last_instant_and_a_time_is_the_agreements_own(desk: Desk) -> None:
    asked = {
        "2026-06-30": "2026-06-30T21:59:59.999999+00:00",
        "2026-06-30T12:00": "2026-06-30T10:00:00+00:00",
        "2026-06-30T12:00Z": "2026-06-30T12:00:00+00:00",
    }
    for written, instant in asked.items():
        ended = passerelle("score", *desk.inputs, "--as-of", written, "--json")

        assert json.loads(ended.out)["as_of"] == instant


def test_what_was_rejected_is_written_and_told_by_the_number_if_strict(tmp_path: Path) -> None:
    events = "".join([f"m{n},ann,page,2026-06-1{n % 9}T10:00:00Z,,/blog\n" for n in range(40)])
    desk = a_desk(
        tmp_path,
        events="id,lead,event,occurred_at,received_at,path\n" + events + "x,ann,page,soon,,/\n",
    )
    target = tmp_path / "rejects.csv"

    lenient = desk.score("--rejects", target)
    strict = desk.score("--strict", "--quiet")

    assert (lenient.code, strict.code) == (0, 3)
    rows = _rows(target)
    assert [(row["line"], row["value"]) for row in rows] == [("42", "soon")]


def test_a_mapping_file_says_what_a_column_is(desk: Desk) -> None:
    desk.leads.write_text(desk.leads.read_text().replace("employees", "crew"), "utf-8")
    mapping = desk.folder / "map.yaml"
    mapping.write_text("leads: {employees: crew}\n", "utf-8")

    without = json.loads(desk.score("--json").out)["top"][0]
    mapped = json.loads(desk.score("--json", "--map", mapping).out)["top"][0]

    assert without["dimensions"]["fit"] == 20
    assert mapped["dimensions"]["fit"] == 80


def test_several_files_come_by_a_pattern(desk: Desk) -> None:
    head, *rows = desk.events.read_text().splitlines(keepends=True)
    for number, row in enumerate(rows):
        (desk.folder / f"part-{number}.csv").write_text(head + row, "utf-8")

    ended = passerelle(
        "score", desk.leads, desk.folder / "part-*.csv", "-a", desk.agreement,
        "--as-of", "2026-06-30", "--json",
    )  # fmt: skip

    assert json.loads(ended.out)["events"] == 6


def test_leads_alone_are_scored_by_their_fields(desk: Desk) -> None:
    ended = passerelle("score", desk.leads, "-a", desk.agreement, "--json")

    best = json.loads(ended.out)["top"][0]
    assert (best["lead"], best["total"]) == ("ann", 40.0)


def test_the_report_is_a_page_of_its_own(desk: Desk) -> None:
    target = desk.folder / "report.html"

    ended = desk.score("--report", target, "--language", "fr", "--quiet")

    assert ended.code == 0
    page = target.read_text("utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "ann" in page


def test_an_agreement_of_the_gallery_goes_by_its_name(desk: Desk) -> None:
    ended = passerelle("score", desk.leads, desk.events, "-a", "mautic", "--json")

    assert json.loads(ended.out)["agreement"]["key"] == "mautic"


def _rows(path: Path) -> list[dict[str, str]]:
    if path.name.endswith(".csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    match path.suffix:
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
        case ".json":
            found: list[dict[str, str]] = json.loads(path.read_text("utf-8"))
            return found
        case ".jsonl":
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        case _:
            rows: list[dict[str, str]] = pq.read_table(path).to_pylist()
            return rows
