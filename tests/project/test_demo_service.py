"""The made-up company's year as events of the log, and the visitors who come while one looks."""

import random
from collections import Counter
from datetime import UTC, datetime
from itertools import islice

from passerelle.apps.capture.models import EventKind, Robot
from passerelle.project.service.demo_log import demo_events
from passerelle.project.service.visitors import _endless

UNTIL = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_the_year_holds_people_who_are_known_visitors_who_are_not_and_robots() -> None:
    events = list(demo_events(until=UNTIL, source_id=1, leads=150))

    kinds = Counter(event.kind for event in events)
    introduced = [event for event in events if event.message_id.endswith("-introduced")]
    assert kinds[EventKind.PAGE] > kinds[EventKind.IDENTIFY] > 80
    assert all(event.properties["email"] for event in introduced)
    assert any(event.robot == Robot.BOT for event in events)
    assert {event.subject.kind for event in events} == {"user", "device"}
    assert all(event.occurred_at.tzinfo and event.received_at.tzinfo for event in events)


def test_nobody_is_named_before_the_company_knew_the_name() -> None:
    events = list(demo_events(until=UNTIL, source_id=1, leads=150))

    known = {
        event.subject.value: event.occurred_at
        for event in events
        if event.message_id.endswith("-introduced")
    }
    early = [
        event
        for event in events
        if event.device is not None
        and event.subject.kind == "user"
        and event.occurred_at < known[event.subject.value]
    ]
    assert early == []


def test_visitors_read_some_say_who_they_are_and_a_few_ask() -> None:
    calls = list(islice(_endless(random.Random(7)), 400))

    kinds = Counter(str(call["type"]) for call in calls)
    asked = {call["event"] for call in calls if call["type"] == "track"}
    assert kinds["page"] > kinds["track"] > kinds["identify"] - 1 > 0
    assert any(str(event).endswith("Requested") for event in asked)
    assert all("anonymousId" in call for call in calls)
