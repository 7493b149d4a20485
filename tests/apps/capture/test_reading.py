from datetime import UTC, datetime

from passerelle.apps.capture.reading import events_read, flattened
from passerelle.apps.capture.traits import fields_told
from passerelle.core.history import FIELD_CHANGED

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KNOWN = ("email", "first_name", "job_title", "company", "employees", "city", "name")


def test_nested_properties_are_reached_by_their_path() -> None:
    properties = {"a": {"b": 1, "c": {"d": None}}, "e": [1, 2], "f": True}

    flat = flattened(properties)

    assert flat == {"a.b": 1, "a.c.d": None, "f": True}


def test_of_two_properties_with_one_path_the_less_nested_stands_in_any_order() -> None:
    assert flattened({"a": {"b": 1}, "a.b": 2}) == {"a.b": 2}
    assert flattened({"a.b": 2, "a": {"b": 1}}) == {"a.b": 2}


def test_properties_nested_without_end_are_read_to_a_depth() -> None:
    deep: dict[str, object] = {"x": 1}
    for _ in range(5_000):
        deep = {"a": deep, "x": 1}

    assert len(flattened(deep)) == 8


def test_traits_tell_fields_whatever_their_senders_call_them() -> None:
    traits = flattened(
        {
            "firstName": "Ada",
            "title": "CEO",
            "company": {"name": "Acme", "employee_count": 40},
            "address": {"city": "Lyon"},
            "plan": "gold",
        }
    )

    told = fields_told("identify", traits, KNOWN)

    assert told == {
        "first_name": "Ada",
        "job_title": "CEO",
        "company": "Acme",
        "employees": 40,
        "city": "Lyon",
    }


def test_a_trait_named_like_the_field_goes_before_a_synonym() -> None:
    told = fields_told("identify", {"firstname": "A", "first_name": "B"}, KNOWN)

    assert told == {"first_name": "B"}


def test_the_name_of_a_group_is_the_companys_and_not_the_persons() -> None:
    told = fields_told("group", {"name": "Acme", "email": "info@acme.example"}, KNOWN)

    assert told == {"company": "Acme"}


def test_an_explicit_null_empties_a_field() -> None:
    assert fields_told("identify", {"jobTitle": None}, KNOWN) == {"job_title": None}


def test_a_row_gives_its_event_and_a_change_of_each_field() -> None:
    read = events_read(
        source_id=3,
        message_id="m",
        kind="identify",
        name="identified",
        occurred_at=NOW,
        received_at=NOW,
        properties={"email": "a@b.example", "city": "Lyon"},
        known=("email", "city"),
    )

    assert [(event.name, event.id) for event in read] == [
        ("identified", "3:m"),
        (FIELD_CHANGED, "3:m:city"),
        (FIELD_CHANGED, "3:m:email"),
    ]
    assert read[1].properties == {"field": "city", "value": "Lyon"}


def test_what_a_tracked_event_says_changes_no_field() -> None:
    assert fields_told("track", {"email": "a@b.example"}, KNOWN) == {}
