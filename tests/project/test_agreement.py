"""`passerelle agreement`: check, show, diff, new, compile."""

import io
import json
import re
from pathlib import Path

import duckdb
import pytest

from passerelle.project.gallery import gallery
from passerelle.relations.engines import DIALECTS
from tests.project.desk import AGREEMENT, Desk, a_desk, passerelle


@pytest.mark.parametrize("name", sorted(gallery()))
def test_every_agreement_of_the_gallery_is_fine(name: str) -> None:
    ended = passerelle("agreement", "check", name)

    assert ended.code == 0
    assert "is fine" in ended.said


def test_each_fault_comes_with_its_line_its_place_and_its_remedy(tmp_path: Path) -> None:
    wrong = AGREEMENT.replace("half_life: 30d", "half_life: 30 dayz").replace(
        "points: 10", "pints: 10"
    )
    desk = a_desk(tmp_path, agreement=wrong)

    english = passerelle("agreement", "check", desk.agreement)
    french = passerelle("agreement", "check", desk.agreement, "--language", "fr")

    assert (english.code, french.code) == (1, 1)
    assert "rules[2].half_life" in english.said
    assert "30 dayz" in english.said
    assert "rules[3].pints" in english.said
    assert "line 18" in english.said
    assert "ligne 18" in french.said


def test_the_same_faults_stop_a_scoring_in_the_same_words(tmp_path: Path) -> None:
    desk = a_desk(tmp_path, agreement=AGREEMENT.replace("weight: 0.5", "weight: 0.9"))

    checked, scored = passerelle("agreement", "check", desk.agreement), desk.score()

    assert scored.code == 1
    assert scored.said == checked.said


def test_faults_and_warnings_come_as_json_too(desk: Desk) -> None:
    fine = json.loads(passerelle("agreement", "check", desk.agreement, "--json").out)
    desk.agreement.write_text("passerelle: 2\n", "utf-8")
    wrong = json.loads(passerelle("agreement", "check", desk.agreement, "--json").out)

    assert fine["valid"] is True
    assert [warning["code"] for warning in fine["warnings"]] == ["unsigned"]
    assert wrong["valid"] is False
    assert {"code", "path", "line", "found", "wrong", "remedy"} == set(wrong["faults"][0])


def test_missing_signatures_are_mentioned_and_those_there_are_not(tmp_path: Path) -> None:
    signed = "signatures:\n  - {team: sales, name: Hugo, on: 2026-06-01}\n"
    desk = a_desk(tmp_path, agreement=AGREEMENT + signed)

    ended = passerelle("agreement", "check", desk.agreement)

    assert ended.code == 0
    assert "Not signed yet by: marketing." in ended.said


def test_data_show_rules_that_never_fire_and_rules_that_always_do_together(tmp_path: Path) -> None:
    twin = (
        "  - {key: twin, dimension: engagement, event: page, where: {path: /pricing*}, points: 1}\n"
    )
    dead = "  - {key: dead, dimension: engagement, event: webinar_attended, points: 1}\n"
    desk = a_desk(tmp_path, agreement=AGREEMENT.replace("total: {w", f"{twin}{dead}total: {{w"))
    rows = "".join(f"m{n},l{n},page,2026-06-20T10:00:00Z,,/pricing\n" for n in range(6))
    desk.events.write_text("id,lead,event,occurred_at,received_at,path\n" + rows, "utf-8")
    names = "".join(f"l{n},600\n" for n in range(9))
    desk.leads.write_text("lead,employees\n" + names, "utf-8")

    ended = passerelle(
        "agreement", "check", desk.agreement, "--leads", desk.leads, "--events", desk.events,
        "--as-of", "2026-06-30", "--json",
    )  # fmt: skip

    told = json.loads(ended.out)["warnings"]
    never = [one["says"] for one in told if one["code"] == "never_fires"]
    together = [one["says"] for one in told if one["code"] == "together"]
    assert len(never) == 3
    assert any("`dead`" in sentence for sentence in never)
    assert len(together) == 1
    assert "`pricing`" in together[0]
    assert "`twin`" in together[0]


@pytest.mark.parametrize(("language", "words"), [("en", "engagement"), ("fr", "adéquation")])
def test_show_reads_the_agreement_aloud(desk: Desk, language: str, words: str) -> None:
    ended = passerelle("agreement", "show", desk.agreement, "--language", language)

    assert ended.code == 0
    assert "/pricing" in ended.said
    assert words in ended.said


def test_diff_says_what_changes(desk: Desk) -> None:
    changed = desk.folder / "new.yaml"
    changed.write_text(AGREEMENT.replace("points: 20", "points: 25"), "utf-8")

    english = passerelle("agreement", "diff", desk.agreement, changed)
    french = passerelle("agreement", "diff", desk.agreement, changed, "--language", "fr")
    same = passerelle("agreement", "diff", desk.agreement, desk.agreement)

    assert (english.code, french.code, same.code) == (0, 0, 0)
    for said in (english.said, french.said):
        assert "20" in said
        assert "25" in said
    assert same.said
    assert "25" not in same.said


def test_new_takes_the_answers_of_a_short_interview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ours.yaml"
    monkeypatch.setattr("sys.stdin", io.StringIO("Not a key!\nours\n" + "\n" * 30))

    begun = passerelle("agreement", "new", file)
    checked = passerelle("agreement", "check", file)

    assert begun.code == 0
    assert 'key: "ours"' in file.read_text("utf-8")
    assert checked.code == 0


def test_new_begins_from_one_that_exists_under_a_key_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "Our Agreement.yaml"

    begun = passerelle("agreement", "new", file, "--from", "plezi")

    assert begun.code == 0
    assert "our_agreement" in passerelle("agreement", "check", file).said


def test_new_never_overwrites(desk: Desk) -> None:
    ended = passerelle("agreement", "new", desk.agreement, "--from", "plezi")

    assert ended.code == 1
    assert desk.agreement.read_text("utf-8") == AGREEMENT


def test_an_interview_that_nobody_answers_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ours\n"))

    ended = passerelle("agreement", "new", tmp_path / "ours.yaml")

    assert ended.code == 1
    assert list(tmp_path.iterdir()) == []


def test_compiled_sql_runs_on_the_tables_it_says_it_expects(desk: Desk) -> None:
    target = desk.folder / "score.sql"

    ended = passerelle(
        "agreement", "compile", desk.agreement, "--as-of", "2026-06-30", "--out", target
    )

    assert ended.code == 0
    text = target.read_text("utf-8")
    assert text.startswith("-- Passerelle: agreement desk, version ")
    assert max(map(len, text.splitlines())) < 200  # written to be read
    assert "-- Scores as of 2026-06-30 21:59:59.999999 UTC" in text
    with duckdb.connect() as engine:
        for table in ("leads", "events"):
            engine.execute(f"CREATE TABLE {table} ({_columns_said(text, table)})")
        engine.execute("INSERT INTO leads (lead, employees) VALUES ('ann', 600)")
        scores = engine.execute(text)
        names = [column[0] for column in scores.description or ()]
        row = dict(zip(names, scores.fetchall()[0], strict=True))
    assert (row["lead"], row["level__fit"], row["stage"]) == ("ann", 60.0, "contact")


def _columns_said(text: str, table: str) -> str:
    """The columns that the heading says the table must have."""
    _, _, rest = text.replace("\n--   ", " ").partition(f"a table {table}: ")
    return rest.partition("\n")[0]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_written_with_what_it_expects(desk: Desk, dialect: str) -> None:
    ended = passerelle("agreement", "compile", desk.agreement, "--dialect", dialect)

    assert ended.code == 0
    assert f"-- For {dialect}" in ended.out
    assert "lead" in _columns_said(ended.out, "leads")
    assert ended.out.rstrip().endswith(";")


def test_the_heading_says_which_names_postgresql_would_cut(desk: Desk) -> None:
    key = "a_rule_whose_key_says_far_more_than_any_key_of_a_rule_should"
    text = desk.agreement.read_text("utf-8")
    desk.agreement.write_text(text.replace("key: size", f"key: {key}"), "utf-8")

    ended = {
        dialect: passerelle("agreement", "compile", desk.agreement, "--dialect", dialect).out
        for dialect in ("postgres", "duckdb")
    }

    assert "postgres keeps 63 characters of a name" in ended["postgres"]
    (short,) = re.findall(rf"granted__{key} → (\w+)", ended["postgres"].replace("\n--   ", " "))
    assert f'AS "{short}"' in ended["postgres"]
    assert "63 characters" not in ended["duckdb"]
