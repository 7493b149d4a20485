"""The contract of `load`: what the tables look like, whatever the files hold."""

from typing import Any

import pytest

from passerelle.files import Step, load, tell_load
from passerelle.words import LANGUAGES
from tests.files.desk import FIELDS, LEADS, NOW, PROPERTIES, Desk


def described(desk: Desk, table: str) -> list[tuple[Any, ...]]:
    return [tuple(row[:2]) for row in desk.connection.execute(f"DESCRIBE {table}").fetchall()]


def test_leads_have_their_key_every_field_in_its_type_and_the_rest_as_text(desk: Desk) -> None:
    loaded = desk.read_leads("Points,lead,EMPLOYEES\n3,a,4\n")

    assert described(desk, "leads") == [
        ("lead", "VARCHAR"),
        ("email", "VARCHAR"),
        ("job_title", "VARCHAR"),
        ("employees", "DOUBLE"),
        ("opt_in", "BOOLEAN"),
        ("created_at", "DATE"),
        ("Points", "VARCHAR"),
    ]
    assert loaded.unmapped == ("Points",)
    assert loaded.mapping["leads"].absent == ("email", "job_title", "opt_in", "created_at")


def test_without_a_file_of_events_there_is_an_empty_table_of_their_shape(desk: Desk) -> None:
    loaded = desk.read_leads(LEADS)

    assert (loaded.events, loaded.event_count, loaded.first_event_at) == ("events", 0, None)
    assert described(desk, "events") == [
        ("id", "VARCHAR"),
        ("lead", "VARCHAR"),
        ("event", "VARCHAR"),
        ("occurred_at", "TIMESTAMP"),
        ("received_at", "TIMESTAMP"),
        ("path", "VARCHAR"),
        ("seconds", "DOUBLE"),
    ]


def test_events_have_the_needed_properties_and_no_other_column(desk: Desk) -> None:
    desk.read_events("lead,event,occurred_at,noise,PATH\nzoe,page,2024-05-01,x,/a\n")

    assert [name for name, _ in described(desk, "events")][-2:] == ["path", "seconds"]
    assert desk.rows("path, seconds", "events") == [("/a", None)]


def test_a_second_load_replaces_the_first(desk: Desk) -> None:
    desk.read_events("lead,event,occurred_at\nzoe,page,2024-05-01\neve,page,2024-05-01\n")
    desk.read(
        desk.put("leads.csv", "lead\nx\n"),
        desk.put_parquet(
            "e.parquet",
            "SELECT 'x' AS lead, 'page' AS event, TIMESTAMP '2024-05-01' AS occurred_at, 'i' AS id",
        ),
    )
    last = desk.read_events("lead,event,occurred_at\nbob,page,2024-05-01\n")

    assert desk.rows("lead", "events") == [("bob",)]
    assert last.aside is None
    assert _tables(desk) == {"leads", "events", "files_rejects"}


def test_progress_is_told_file_by_file(desk: Desk) -> None:
    told: list[tuple[Step, int, int]] = []

    load(
        desk.connection,
        leads=[desk.put("a.csv", LEADS), desk.put("b.csv", "lead\nx\n")],
        fields=FIELDS,
        properties=PROPERTIES,
        as_of=NOW,
        progress=lambda step, done, total: told.append((step, done, total)),
    )

    assert told == [
        (Step.OPENING, 0, 2),
        (Step.LEADS, 1, 2),
        (Step.LEADS, 2, 2),
        (Step.EVENTS, 0, 0),
        (Step.DONE, 1, 1),
    ]


def test_what_was_read_is_told_in_both_languages(desk: Desk) -> None:
    leads = "Contact ID;Effectif;Bidule\nzoe;12,5;x\nbob;many;y\n"
    events = "lead,event,occurred_at\n" + "zoe,page,31/05/2024\n" * 2 + "eve,page,01/05/2024\n"

    loaded = desk.read(
        desk.put("leads.csv", leads),
        desk.put("events.csv", events),
        mapping="counters: {Bidule: {event: page}}",
    )

    told = {language: "\n".join(tell_load(loaded, language=language)) for language in LANGUAGES}
    for part in (
        "leads.csv: leads, csv, utf-8",
        "  lead ← Contact ID (usual name)",
        "  Effectif: decimal comma",
        "  occurred_at: day first",
        "Bidule",
        "Leads: 2. Events: 2.",
        "put aside: 1",
        "1 × The cell is not a number.",
    ):
        assert part in told["en"]
    for part in ("virgule décimale", "jour d’abord", "mis de côté", "(nom courant)"):
        assert part in told["fr"]
    for step in Step:
        assert len({step.says(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_of_many_files_the_first_are_named_and_the_others_counted(desk: Desk) -> None:
    for turn in range(22):
        desk.put(f"{turn:02}.csv", f"lead\nl{turn}\n")

    loaded = desk.read(str(desk.folder / "*.csv"))

    assert loaded.lead_count == 22
    assert "More files of leads: 2" in tell_load(loaded, language="en")


@pytest.mark.parametrize("name", ["leads", "events", "lead", "select", "file", "row", "c0", "rows"])
def test_a_column_may_have_any_name(desk: Desk, name: str) -> None:
    loaded = desk.read_leads(f"contact_id,{name}\n1,x\n", mapping="leads: {lead: contact_id}")

    assert desk.connection.execute(f'SELECT "{loaded.unmapped[0]}" FROM leads').fetchall() == [
        ("x",)
    ]


def _tables(desk: Desk) -> set[str]:
    found = desk.connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    return {name for (name,) in found}
