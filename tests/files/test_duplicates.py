"""The same lead twice, the same message twice, the same row twice."""

import random

from tests.files.desk import LEADS, Desk

HEAD = "id,lead,event,occurred_at,received_at,path\n"


def test_the_later_row_of_a_lead_wins_and_the_earlier_is_told(desk: Desk) -> None:
    desk.put("1.csv", "lead,email\na,old@x.example\nb,b@x.example\na,newer@x.example\n")
    desk.put("2.csv", "lead,email\na,newest@x.example\n")

    loaded = desk.read([str(desk.folder / "1.csv"), str(desk.folder / "2.csv")])

    assert desk.rows("lead, email") == [("a", "newest@x.example"), ("b", "b@x.example")]
    assert loaded.mapping["leads"].duplicates == 2
    assert desk.rejects(loaded) == [
        ("1.csv", 2, "duplicate_lead", "row_dropped"),
        ("1.csv", 4, "duplicate_lead", "row_dropped"),
    ]


def test_a_message_counts_once_the_first_received_of_it(desk: Desk) -> None:
    loaded = desk.read_events(
        HEAD + "m,zoe,page,2024-05-01,,never\nm,zoe,page,2024-05-01,2024-05-03,late\n"
        "m,zoe,page,2024-05-02,2024-05-02,first\nm,zoe,page,2024-05-03,2024-05-02,second\n"
        "n,zoe,page,2024-05-01,,other\n"
    )

    assert desk.rows("id, path", "events") == [("m", "first"), ("n", "other")]
    assert loaded.mapping["events"].duplicates == 3
    assert [line for _, line, _, _ in desk.rejects(loaded)] == [2, 3, 5]


def test_which_message_stays_does_not_depend_on_chance(desk: Desk) -> None:
    rows = [f"m{n % 50},zoe,page,2024-05-01,,p{n}\n" for n in range(500)]
    random.Random(1).shuffle(rows)
    kept = {row.split(",")[0]: row.strip().split(",")[-1] for row in reversed(rows)}

    desk.read_events(HEAD + "".join(rows))

    assert dict(desk.rows("id, path", "events")) == kept


def test_without_ids_identical_rows_all_count_and_are_told(desk: Desk) -> None:
    loaded = desk.read_events(
        "lead,event,occurred_at\nzoe,page,2024-05-01\nzoe,page,2024-05-01\nbob,page,2024-05-01\n"
    )

    assert desk.rows("id", "events") == [("events.csv#1",), ("events.csv#2",), ("events.csv#3",)]
    assert (loaded.identical_events, loaded.made_ids) == (1, 3)
    assert loaded.rejected.total == 0


def test_an_empty_id_is_made_and_files_of_the_same_name_are_told_apart(desk: Desk) -> None:
    one = desk.put("may/e.csv", "id,lead,event,occurred_at\n,zoe,page,2024-05-01\n")
    two = desk.put(
        "june/e.csv", "id,lead,event,occurred_at\n,zoe,page,2024-06-01\nx,zoe,page,2024-06-01\n"
    )

    loaded = desk.read(desk.put("leads.csv", LEADS), [one, two])

    assert {row for (row,) in desk.rows("id", "events")} == {f"{one}#1", f"{two}#1", "x"}
    assert loaded.made_ids == 2
