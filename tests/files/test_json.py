"""JSON Lines: nested objects laid flat, Segment's events as its clients send them."""

import json
from datetime import datetime

from tests.files.desk import LEADS, Desk


def lines(*objects: dict[str, object]) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


SEGMENT = lines(
    {
        "type": "page",
        "messageId": "m1",
        "userId": "zoe",
        "anonymousId": "device-1",
        "originalTimestamp": "2024-05-01T08:00:01Z",
        "timestamp": "2024-05-01T08:00:00.123Z",
        "receivedAt": "2024-05-01T08:00:02Z",
        "properties": {"path": "/pricing", "seconds": 12.5},
        "context": {"page": {"path": "/not-this"}, "ip": "192.0.2.1"},
    },
    {
        "type": "track",
        "event": "demo_requested",
        "messageId": "m2",
        "userId": None,
        "anonymousId": "bob",
        "originalTimestamp": "2024-05-02T08:00:00Z",
        "properties": {},
    },
)


def test_events_of_segments_clients_are_read_as_they_are(desk: Desk) -> None:
    desk.read(desk.put("leads.csv", LEADS), desk.put("log.jsonl", SEGMENT))

    assert desk.rows("id, lead, event, occurred_at, received_at, path, seconds", "events") == [
        (
            "m1",
            "zoe",
            "page",
            datetime(2024, 5, 1, 8, 0, 0, 123000),  # noqa: DTZ001 - the column is naive UTC
            datetime(2024, 5, 1, 8, 0, 2),  # noqa: DTZ001 - the column is naive UTC
            "/pricing",
            12.5,
        ),
        ("m2", "bob", "demo_requested", datetime(2024, 5, 2, 8), None, None, None),  # noqa: DTZ001
    ]


def test_traits_of_a_lead_are_its_fields(desk: Desk) -> None:
    content = lines(
        {"userId": "zoe", "traits": {"email": "z@x.example", "employees": 12.5, "opt_in": True}},
        {"userId": "bob", "traits": {"tags": ["a", "b"], "address": {"city": "Lyon"}}},
    )

    loaded = desk.read(desk.put("leads.jsonl", content))

    assert desk.rows("lead, email, employees, opt_in") == [
        ("bob", None, None, None),
        ("zoe", "z@x.example", 12.5, True),
    ]
    assert loaded.unmapped == ("traits.tags", "traits.address.city")
    assert desk.rows('"traits.address.city", "traits.tags"')[0] == ("Lyon", '["a","b"]')


def test_a_property_that_is_rare_is_found_all_the_same(desk: Desk) -> None:
    common: dict[str, object] = {
        "id": "",
        "lead": "zoe",
        "event": "page",
        "occurred_at": "2024-05-01",
    }
    objects: list[dict[str, object]] = [{**common, "id": str(turn)} for turn in range(5000)]
    objects.append({**common, "id": "rare", "path": "/rare"})

    desk.read(desk.put("leads.csv", LEADS), desk.put("log.jsonl.gz", lines(*objects)))

    assert desk.rows("id, path", "(FROM events WHERE path IS NOT NULL)") == [("rare", "/rare")]


def test_lines_that_are_no_objects_are_put_aside_with_their_line(desk: Desk) -> None:
    content = '{"lead": "a"}\n\n{"lead": \n[1]\n{"lead": "b"}\r\n{"lead": "c"}\n{"lead": "d"}\n'

    loaded = desk.read(desk.put("leads.jsonl", content))

    assert desk.rows("lead") == [("a",), ("b",), ("c",), ("d",)]
    assert desk.rejects(loaded) == [
        ("leads.jsonl", 3, "bad_json", "row_dropped"),
        ("leads.jsonl", 4, "bad_json", "row_dropped"),
    ]


def test_an_array_of_objects_is_read_too(desk: Desk) -> None:
    desk.read(desk.put("leads.json", json.dumps([{"lead": "a"}, {"lead": "b", "email": "b@x"}])))

    assert desk.rows("lead, email") == [("a", None), ("b", "b@x")]


def test_keys_cannot_reach_into_pointers_or_sql(desk: Desk) -> None:
    content = lines({"lead": "a", "x/y~z": "1", "it's": {'"; --': "2"}, "a.b": "3"})

    loaded = desk.read(desk.put("leads.jsonl", content))

    values = desk.connection.execute("SELECT * EXCLUDE (lead) FROM leads").fetchall()[0][5:]
    assert dict(zip(loaded.unmapped, values, strict=True)) == {
        "x/y~z": "1",
        "it's.\"; --": "2",
        "a.b": "3",
    }


def test_a_point_is_json_own_though_the_mapping_says_comma(desk: Desk) -> None:
    content = lines({"lead": "a", "employees": 12.5}, {"lead": "b", "employees": "1 234,5"})

    desk.read(desk.put("leads.jsonl", content), mapping="decimal: comma")

    assert desk.rows("employees") == [(12.5,), (1234.5,)]
