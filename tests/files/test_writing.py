"""Results written whole or not at all, safe in a spreadsheet, and read back as they were."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.files import Problem, write_table
from passerelle.files.cells import MISSING
from tests.files.desk import Desk, problem_of

QUERY = "SELECT 'a' AS lead, 1.5::DOUBLE AS score UNION ALL SELECT 'é;\"', NULL ORDER BY lead"


@pytest.mark.parametrize(
    "name", ["s.csv", "s.csv.gz", "s.tsv", "s.jsonl", "s.jsonl.gz", "s.json", "s.parquet", "S.CSV"]
)
def test_any_format_comes_back_as_it_was(desk: Desk, name: str) -> None:
    write_table(desk.connection, QUERY, desk.folder / name)

    desk.read(str(desk.folder / name), fields={"score": "number"})

    assert desk.rows("lead, score") == [("a", 1.5), ('é;"', None)]
    assert [path.name for path in desk.folder.iterdir()] == [name]


def test_a_relation_can_be_written_like_a_query(desk: Desk) -> None:
    relation = desk.connection.sql(QUERY)

    write_table(desk.connection, relation, desk.folder / "s.json")

    written = json.loads((desk.folder / "s.json").read_text("utf-8"))
    assert written == [{"lead": "a", "score": 1.5}, {"lead": 'é;"', "score": None}]


@pytest.mark.parametrize("cell", ["=1+1", "+33 6", "-cmd", "@x", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(desk: Desk, cell: str) -> None:
    desk.connection.execute("CREATE TABLE t AS SELECT ? AS lead, -5 AS score", [cell])

    write_table(desk.connection, "FROM t", desk.folder / "s.csv")

    text = (desk.folder / "s.csv").read_bytes().decode().split("\n", 1)[1].lstrip('"')
    assert text.startswith("'")
    assert ",-5" in text


def test_a_vouched_column_is_remembered_by_the_parquet_file(desk: Desk) -> None:
    event = (
        "SELECT 'm' AS id, 'zoe' AS lead, 'page' AS event, TIMESTAMP '2024-05-01' AS occurred_at"
    )
    write_table(desk.connection, event, desk.folder / "e.parquet", unique="id")

    marks = desk.connection.execute(
        "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)",
        [str(desk.folder / "e.parquet")],
    ).fetchall()
    assert ("passerelle.unique", "id") in marks


def test_a_failed_writing_leaves_what_was_there(desk: Desk) -> None:
    target = desk.folder / "s.csv"
    target.write_text("before")
    failing = "SELECT error('no') AS x FROM range(3)"

    with pytest.raises(duckdb.Error):
        write_table(desk.connection, failing, target)

    assert target.read_text() == "before"
    assert [path.name for path in desk.folder.iterdir()] == ["s.csv"]
    assert desk.connection.execute("SHOW TABLES").fetchall() == []


def test_an_unknown_suffix_is_told_before_anything_is_written(desk: Desk) -> None:
    for name in ("scores", "scores.xlsx", "scores.parquet.gz", "scores.gz"):
        problem = problem_of(write_table, desk.connection, QUERY, desk.folder / name)
        assert problem.code == Problem.UNKNOWN_SUFFIX
    assert list(desk.folder.iterdir()) == []


CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=15)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=40))
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.jsonl"])
def test_texts_come_back_but_for_the_blanks_around_them(
    name: str, rows: list[tuple[str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        keyed = [("first", "x", "y"), *((f"l{n}", *row) for n, row in enumerate(rows))]
        desk.connection.execute("CREATE TABLE t (lead VARCHAR, note VARCHAR, other VARCHAR)")
        desk.connection.executemany("INSERT INTO t VALUES (?, ?, ?)", keyed)

        write_table(desk.connection, "FROM t ORDER BY lead", desk.folder / name)
        loaded = desk.read(str(desk.folder / name), fields={})

        assert loaded.rejected.total == 0
        assert desk.rows("lead, note, other") == sorted(
            (lead, _kept(note), _kept(other)) for lead, note, other in keyed
        )


def _kept(text: str) -> str | None:
    if text.startswith("'") and text[1:2] and text[1] in "=+-@\t":
        text = text[1:]  # the writer's own guard cannot be told from a user's quote
    kept = text.strip(" \t\r\n\u00a0\u202f\u2009")
    return None if kept.lower() in {"", *MISSING} else kept
