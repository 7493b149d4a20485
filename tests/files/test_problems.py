"""Every file that cannot be right stops with what to do, in French and in English."""

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from passerelle.files import FileProblem, Problem, read_mapping, write_table
from passerelle.words import LANGUAGES
from tests.files.desk import LEADS, NOW, Desk, problem_of

BAD_CONTENT: dict[Problem, tuple[str, bytes]] = {
    Problem.EMPTY: ("leads.csv", b""),
    Problem.HEADER_ONLY: ("leads.csv", b"lead,email\n\n"),
    Problem.NO_HEADER: ("leads.csv", b"7,zoe@acme.example\n8,bob@acme.example\n"),
    Problem.BINARY: ("leads.csv", b"\x7fELF\x02\x00\x00\x00\x10 not text"),
    Problem.WEB_PAGE: ("leads.csv", b"\n<!DOCTYPE html><html><title>Sign in</title></html>"),
    Problem.OTHER_COMPRESSION: ("leads.csv.bz2", b"BZh91AY&SY"),
    Problem.DAMAGED_ARCHIVE: ("leads.csv.zip", b"\x1f\x8b\x08\x00damaged"),
    Problem.UNREADABLE: ("leads.parquet", b"PAR1 cut short"),
    Problem.NO_LEAD_COLUMN: ("leads.csv", b"colour,size\nred,4\n"),
    Problem.TWO_LEAD_COLUMNS: ("leads.csv", b"Prospect ID,Contact ID\n1,2\n"),
    Problem.AMBIGUOUS_DATES: ("leads.csv", b"lead,created_at\na,03/04/2024\n"),
    Problem.AMBIGUOUS_NUMBERS: ("leads.csv", b'lead,employees\na,"12,500"\n'),
    Problem.MOSTLY_REJECTED: ("leads.csv", b"lead,email\na\nb\nc,c@acme.example\n"),
}
BAD_EVENTS: dict[Problem, bytes] = {
    Problem.NO_EVENT_COLUMN: b"lead,occurred_at\nzoe,2024-05-01\n",
    Problem.NO_TIME_COLUMN: b"lead,event\nzoe,page\n",
}


def bad_content(problem: Problem) -> Callable[[Desk], FileProblem]:
    name, content = BAD_CONTENT[problem]

    def stop(desk: Desk) -> FileProblem:
        (desk.folder / name).write_bytes(content)
        return problem_of(desk.read, str(desk.folder / name))

    return stop


def bad_events(problem: Problem) -> Callable[[Desk], FileProblem]:
    return lambda desk: problem_of(desk.read_events, BAD_EVENTS[problem])


def zipped(desk: Desk, inside: str) -> FileProblem:
    with zipfile.ZipFile(desk.folder / "leads.csv", "w") as archive:
        archive.writestr(inside, "<x/>")
    return problem_of(desk.read, str(desk.folder / "leads.csv"))


def forbidden(desk: Desk) -> FileProblem:
    path = Path(desk.put("leads.csv", LEADS))
    if os.geteuid() == 0:  # nothing is forbidden to root: the sentence is all that can be tested
        return FileProblem(Problem.NOT_PERMITTED, path=str(path))
    path.chmod(0)
    return problem_of(desk.read, str(path))


def mixed(desk: Desk) -> FileProblem:
    parquet = desk.put_parquet("l.parquet", "SELECT 'a' AS lead")
    return problem_of(desk.read, [desk.put("leads.csv", LEADS), parquet])


def written(desk: Desk, name: str) -> FileProblem:
    return problem_of(write_table, desk.connection, "SELECT 1 AS x", desk.folder / name)


def over_a_directory(desk: Desk) -> FileProblem:
    (desk.folder / "scores.csv").mkdir()
    return written(desk, "scores.csv")


def unwritable(desk: Desk) -> FileProblem:
    return problem_of(
        write_table, desk.connection, "SELECT 1 AS x", desk.folder / ("x" * 300 + ".csv")
    )


STOPS: dict[Problem, Callable[[Desk], FileProblem]] = {
    **{problem: bad_content(problem) for problem in BAD_CONTENT},
    **{problem: bad_events(problem) for problem in BAD_EVENTS},
    Problem.NO_FILE_GIVEN: lambda desk: problem_of(desk.read, []),
    Problem.NO_SUCH_FILE: lambda desk: problem_of(desk.read, str(desk.folder / "leads.csv")),
    Problem.MISSPELT_FILE: lambda desk: problem_of(
        desk.read, desk.put("leads.csv", LEADS).replace("leads.csv", "lead.csv")
    ),
    Problem.NO_MATCH: lambda desk: problem_of(desk.read, str(desk.folder / "*.csv")),
    Problem.DIRECTORY: lambda desk: problem_of(desk.read, str(desk.folder)),
    Problem.NOT_PERMITTED: forbidden,
    Problem.SPREADSHEET: lambda desk: zipped(desk, "xl/workbook.xml"),
    Problem.ARCHIVE: lambda desk: zipped(desk, "leads.txt"),
    Problem.WRONG_ENCODING: lambda desk: problem_of(
        desk.read_leads, "lead,email\né,x\n".encode("latin-1"), mapping="encoding: utf-8"
    ),
    Problem.MIXED_FORMATS: mixed,
    Problem.MAPPING_INVALID: lambda desk: problem_of(desk.read_leads, LEADS, mapping="leeds: {}"),
    Problem.MAPPED_COLUMN_ABSENT: lambda desk: problem_of(
        desk.read_leads, LEADS, mapping="leads: {email: e-mail}"
    ),
    Problem.UNKNOWN_SUFFIX: lambda desk: written(desk, "scores.xlsx"),
    Problem.TARGET_IS_DIRECTORY: over_a_directory,
    Problem.NO_DIRECTORY: lambda desk: written(desk, "none/scores.csv"),
    Problem.UNWRITABLE: unwritable,
}


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_is_met_and_says_what_to_do(desk: Desk, problem: Problem) -> None:
    stopped = STOPS[problem](desk)

    assert stopped.code == problem, str(stopped)
    sentences = {stopped.says(language) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)
    assert str(stopped) in sentences
    assert not any(re.search(r"\{\w*\}|None|\[\]", sentence) for sentence in sentences)


def test_a_problem_leaves_nothing_half_read(desk: Desk) -> None:
    problem_of(desk.read_events, b"lead,event,occurred_at\nzoe,page,soon\n")

    names = [name for (name,) in desk.connection.execute("SHOW TABLES").fetchall()]
    assert names == []


def test_the_line_to_write_is_a_mapping_that_works(desk: Desk) -> None:
    content = "N° client: 'x',colour\n1,red\n"

    problem = problem_of(desk.read_leads, content)
    line = problem.says("en").split("`")[1]

    desk.read_leads(content, mapping=line)
    assert desk.rows("lead") == [("1",)]


def test_most_rows_of_one_file_of_several_being_bad_stops_with_the_reason(desk: Desk) -> None:
    desk.put("a.csv", LEADS)
    desk.put("b.csv", "lead,email\nx\ny\nz,z@acme.example\n")

    problem = problem_of(desk.read, str(desk.folder / "*.csv"))

    assert problem.code == Problem.MOSTLY_REJECTED
    assert (problem.data["rejected"], problem.data["total"], problem.data["line"]) == (2, 3, 2)
    assert "fewer cells" in problem.says("en")


def test_exactly_half_of_the_rows_may_be_bad(desk: Desk) -> None:
    loaded = desk.read_leads("lead,email\na\nb,b@acme.example\n")

    assert loaded.lead_count == 1


def test_an_empty_day_among_several_files_stops_nothing(desk: Desk) -> None:
    desk.put("a.csv", LEADS)
    desk.put("b.csv", "lead,email\n")

    assert desk.read(str(desk.folder / "*.csv")).lead_count == 2


def test_a_truncated_gzip_is_told_as_such(desk: Desk) -> None:
    path = Path(desk.put("leads.csv.gz", LEADS * 5000))
    path.write_bytes(path.read_bytes()[:-20])

    assert problem_of(desk.read, str(path)).code == Problem.DAMAGED_ARCHIVE


def test_a_naive_now_is_a_mistake_of_the_caller(desk: Desk) -> None:
    from passerelle.files import load  # noqa: PLC0415 - used here alone

    with pytest.raises(ValueError, match="aware"):
        load(
            desk.connection,
            leads=[desk.put("leads.csv", LEADS)],
            fields={},
            properties={},
            as_of=NOW.replace(tzinfo=None),
        )


def test_a_missing_mapping_file_is_told(tmp_path: Path) -> None:
    assert problem_of(read_mapping, tmp_path / "m.yaml").code == Problem.NO_SUCH_FILE
    assert problem_of(read_mapping, tmp_path).code == Problem.DIRECTORY
