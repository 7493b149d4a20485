"""Bad rows and cells are put aside with line and reason; the good ones go on."""

import csv
from pathlib import Path

import pytest

from passerelle.files import RejectAction, RejectReason, write_rejects
from passerelle.words import LANGUAGES
from tests.files.desk import LEADS, Desk


def test_a_bad_row_of_leads_is_dropped_with_its_line_and_the_good_ones_stay(desk: Desk) -> None:
    loaded = desk.read_leads(
        'lead,job_title,employees\na,CEO,1\nb,CTO\nc,CFO,1,2\n,CMO,3\ne,"C"X,4\nf,COO,5\ng,x,6\n'
        "h,y,7\ni,z,8\n"
    )

    assert desk.rows("lead") == [("a",), ("f",), ("g",), ("h",), ("i",)]
    assert desk.rejects(loaded) == [
        ("leads.csv", 3, "too_few_cells", "row_dropped"),
        ("leads.csv", 4, "too_many_cells", "row_dropped"),
        ("leads.csv", 5, "missing_lead", "row_dropped"),
        ("leads.csv", 6, "bad_quotes", "row_dropped"),
    ]


def test_a_bad_cell_of_a_typed_field_is_left_empty(desk: Desk) -> None:
    loaded = desk.read_leads(
        "lead,email,employees,opt_in,created_at\na,a@x.example,many,perhaps,2024-02-30\n"
    )

    assert desk.rows("lead, email, employees, opt_in, created_at") == [
        ("a", "a@x.example", None, None, None)
    ]
    assert [
        (reject.line, reject.column, reject.value, reject.reason)
        for reject in loaded.rejected.rows()
    ] == [
        (2, "created_at", "2024-02-30", RejectReason.BAD_DATE),
        (2, "employees", "many", RejectReason.BAD_NUMBER),
        (2, "opt_in", "perhaps", RejectReason.BAD_BOOLEAN),
    ]


def test_a_row_of_events_needs_its_lead_its_name_and_its_time(desk: Desk) -> None:
    loaded = desk.read_events(
        "id,lead,event,occurred_at\n1,zoe,page,2024-05-01\n2,,page,2024-05-01\n"
        "3,zoe,,2024-05-01\n4,zoe,page,\n5,zoe,page,yesterday\n6,zoe,page,2024-05-02\n"
        "7,bob,page,2024-05-03\n8,bob,page,2024-05-04\n"
    )

    assert desk.rows("id", "events") == [("1",), ("6",), ("7",), ("8",)]
    assert [reason for _, _, reason, _ in desk.rejects(loaded)] == [
        "missing_lead",
        "missing_event",
        "missing_time",
        "bad_time",
    ]


@pytest.mark.parametrize(
    ("time", "kept"),
    [
        ("1999-12-31 23:59:59.999999", 0),
        ("2000-01-01 00:00:00", 1),
        ("2024-06-02 12:00:00", 1),
        ("2024-06-02 12:00:00.000001", 0),
    ],
)
def test_events_lie_between_2000_and_a_day_after_the_scoring(
    desk: Desk, time: str, kept: int
) -> None:
    loaded = desk.read_events(f"lead,event,occurred_at\nzoe,page,{time}\nzoe,page,2024-05-01\n")

    assert loaded.event_count == 1 + kept
    assert loaded.rejected.count(RejectReason.TIME_OUT_OF_RANGE) == 1 - kept


def test_events_of_leads_that_no_file_has_are_kept_aside(desk: Desk) -> None:
    loaded = desk.read_events(
        "lead,event,occurred_at\nzoe,page,2024-05-01\neve,page,2024-05-01\neve,page,2024-05-02\n"
    )

    assert desk.rows("lead", "events") == [("zoe",)]
    assert (loaded.aside, loaded.unknown_leads, loaded.aside_count) == ("events_aside", 1, 2)
    assert desk.rows("lead", "events_aside") == [("eve",), ("eve",)]
    assert desk.rejects(loaded) == [("events.csv", 3, "unknown_lead", "kept_aside")]


def test_an_unclosed_quotation_mark_counts_every_line_that_it_swallows(desk: Desk) -> None:
    rows = "".join(f"l{n},x\n" for n in range(20))

    loaded = desk.read_leads(f'lead,job_title\n{rows}bad,"x\nlost,y\nlost,z\n')

    assert loaded.lead_count == 20
    assert [line for _, line, _, _ in desk.rejects(loaded)] == [22, 23, 24]


def test_the_reject_file_names_file_line_column_value_reason_and_action(desk: Desk) -> None:
    loaded = desk.read_leads(f"lead,employees\na,{'=' + 'x' * 200}\n")

    write_rejects(loaded.rejected, desk.folder / "rejects.csv", language="fr")

    with (desk.folder / "rejects.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row.pop("value") == "'=" + "x" * 79
    assert row == {
        "rows": "leads",
        "file": "leads.csv",
        "line": "2",
        "column": "employees",
        "reason": "bad_number",
        "action": "cell_emptied",
        "explanation": "La cellule n’est pas un nombre. La cellule a été laissée vide.",
    }


def test_every_reason_is_reachable(desk: Desk, tmp_path: Path) -> None:
    leads = desk.put(
        "leads.csv",
        "lead,employees,opt_in,created_at,visits,downloads,seen\n"
        "a,many,perhaps,never,many,20000,2024-05-01\nb,1,yes,2024-01-01,1,1,2024-05-01\n"
        "b,2,no,2024-01-01,1,1,2024-05-02\nc\nd,1,no,2024-01-01,1,1,2024-05-02,more\n"
        ',1,no,2024-01-01,1,1,2024-05-02\ne,"1"x,no,2024-01-01,1,1,2024-05-02\n'
        + "".join(f"g{n},1,no,2024-01-01,1,1,2024-05-02\n" for n in range(9)),
    )
    good = "".join(
        f'{{"id":"g{n}","lead":"b","event":"page","occurred_at":"2024-05-01"}}\n' for n in range(9)
    )
    events = desk.put(
        "events.jsonl",
        '{"id":"1","event":"page","occurred_at":"2024-05-01"}\n{"id":"2",\n'
        '{"id":"3","lead":"b","occurred_at":"2024-05-01"}\n{"id":"4","lead":"b","event":"page"}\n'
        '{"id":"5","lead":"b","event":"page","occurred_at":"soon"}\n'
        '{"id":"6","lead":"b","event":"page","occurred_at":"1970-01-01"}\n'
        '{"id":"g1","lead":"b","event":"page","occurred_at":"2024-05-02"}\n'
        '{"id":"7","lead":"zz","event":"page","occurred_at":"2024-05-02"}\n' + good,
    )

    loaded = desk.read(
        leads,
        events,
        mapping="counters:\n  visits: {event: page, at: seen}\n  downloads: {event: download}\n",
    )
    long = desk.read(desk.put("long.csv", LEADS + "eve," + "x" * 3_000_000 + "\n" + "f,g\n" * 3))

    found = {count.reason for count in (*loaded.rejected.counts, *long.rejected.counts)}
    assert set(RejectReason) - found == set()
    assert {count.action for count in loaded.rejected.counts} == set(RejectAction)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_action_is_said(language: str) -> None:
    for said in (*RejectReason, *RejectAction):
        assert said.says("fr" if language == "fr" else "en").endswith(".")
