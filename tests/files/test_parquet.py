"""Parquet: a view where the file is right as it stands, a careful reading where it is not."""

from tests.files.desk import LEADS, Desk

RIGHT = """SELECT 'm' || i AS id, CASE WHEN i % 2 = 0 THEN 'zoe' ELSE 'bob' END AS lead,
    'page' AS event, TIMESTAMP '2024-05-01 08:00:00' + to_seconds(i) AS occurred_at,
    CAST(NULL AS TIMESTAMP) AS received_at, '/p' AS path, CAST(i AS INTEGER) AS seconds
    FROM range(4) AS t(i)"""


def leads_of(desk: Desk) -> str:
    return desk.put("leads.csv", LEADS)


def test_a_file_that_is_right_becomes_a_view_of_the_one_shape(desk: Desk) -> None:
    loaded = desk.read(leads_of(desk), desk.put_parquet("e.parquet", RIGHT, mark="id"))

    assert loaded.lazy
    assert loaded.event_count == 4
    described = desk.connection.execute("DESCRIBE events").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        ("id", "VARCHAR"),
        ("lead", "VARCHAR"),
        ("event", "VARCHAR"),
        ("occurred_at", "TIMESTAMP"),
        ("received_at", "TIMESTAMP"),
        ("path", "VARCHAR"),
        ("seconds", "DOUBLE"),
    ]


def test_the_mark_of_uniqueness_is_trusted_and_its_absence_is_checked(desk: Desk) -> None:
    twice = f"{RIGHT} UNION ALL {RIGHT}"

    trusted = desk.read(leads_of(desk), desk.put_parquet("a.parquet", twice, mark="id"))
    checked = desk.read(leads_of(desk), desk.put_parquet("b.parquet", twice))

    assert (trusted.event_count, trusted.lazy) == (8, True)
    assert (checked.event_count, checked.lazy) == (4, False)
    assert checked.mapping["events"].duplicates == 4


def test_two_marked_files_may_still_repeat_each_other(desk: Desk) -> None:
    desk.put_parquet("a.parquet", RIGHT, mark="id")
    desk.put_parquet("b.parquet", RIGHT, mark="id")

    loaded = desk.read(leads_of(desk), str(desk.folder / "*.parquet"))

    assert loaded.event_count == 4


def test_events_of_unknown_leads_are_filtered_without_a_copy(desk: Desk) -> None:
    strange = f"{RIGHT} UNION ALL SELECT 'x', 'eve', 'page', TIMESTAMP '2024-05-01', NULL, '', 1"

    loaded = desk.read(leads_of(desk), desk.put_parquet("e.parquet", strange, mark="id"))

    assert loaded.lazy
    assert (loaded.event_count, loaded.unknown_leads, loaded.aside_count) == (4, 1, 1)
    assert desk.rows("lead", "events_aside") == [("eve",)]
    assert desk.rejects(loaded) == [("e.parquet", 5, "unknown_lead", "kept_aside")]


def test_a_row_that_is_not_right_is_put_aside_and_the_rest_is_read(desk: Desk) -> None:
    wrong = f"{RIGHT} UNION ALL SELECT 'x', NULL, 'page', TIMESTAMP '2024-05-01', NULL, '', 1"

    loaded = desk.read(leads_of(desk), desk.put_parquet("e.parquet", wrong, mark="id"))

    assert (loaded.event_count, loaded.lazy) == (4, False)
    assert desk.rejects(loaded) == [("e.parquet", 5, "missing_lead", "row_dropped")]


def test_zoned_times_names_and_whole_numbers_of_others_make_a_view_too(desk: Desk) -> None:
    other = """SELECT 7 AS user_id, 'page' AS action,
        TIMESTAMPTZ '2024-05-01 10:00:00+02' AS created_at"""

    loaded = desk.read(desk.put("leads.csv", "lead\n7\n"), desk.put_parquet("e.parquet", other))

    assert loaded.lazy
    assert loaded.made_ids == 1
    assert desk.rows("id, lead, CAST(occurred_at AS VARCHAR)", "events") == [
        ("e.parquet#1", "7", "2024-05-01 08:00:00")
    ]


def test_times_as_texts_are_read_with_care(desk: Desk) -> None:
    other = (
        "SELECT 'zoe' AS lead, 'page' AS event, '2024-05-01 10:00' AS occurred_at, 2.5 AS seconds"
    )

    loaded = desk.read(
        leads_of(desk), desk.put_parquet("e.parquet", other), timezone="Europe/Paris"
    )

    assert not loaded.lazy
    assert desk.rows("CAST(occurred_at AS VARCHAR), seconds", "events") == [
        ("2024-05-01 08:00:00", 2.5)
    ]


def test_leads_keep_their_types_and_a_comma_for_decimals_does_not_touch_them(desk: Desk) -> None:
    query = "SELECT 12.0::DOUBLE AS id, 1.234::DOUBLE AS employees, true AS opt_in, 'x' AS note"

    loaded = desk.read(desk.put_parquet("l.parquet", query), mapping="decimal: comma")

    assert desk.rows("lead, employees, opt_in, note") == [("12", 1.234, True, "x")]
    assert loaded.unmapped == ("note",)


def test_renamed_events_are_read_with_their_new_names(desk: Desk) -> None:
    loaded = desk.read(
        leads_of(desk),
        desk.put_parquet("e.parquet", RIGHT, mark="id"),
        mapping="names: {page: page_view}",
    )

    assert loaded.event_count == 4
    assert desk.rows("DISTINCT event", "events") == [("page_view",)]


def test_counted_events_join_those_of_the_files(desk: Desk) -> None:
    loaded = desk.read(
        desk.put("leads.csv", "lead,visits\nzoe,2\nbob,\n"),
        desk.put_parquet("e.parquet", RIGHT, mark="id"),
        mapping="counters: {visits: {event: page}}",
    )

    assert (loaded.event_count, loaded.counted_events, loaded.lazy) == (6, 2, True)
