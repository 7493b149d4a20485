import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from passerelle.apps.capture.addresses import Peers, kept_address, shortened
from passerelle.apps.capture.drops import Dropped, DropReason
from passerelle.apps.capture.inbox import Envelope, packed, unpacked
from passerelle.apps.capture.limits import Limits
from passerelle.apps.capture.models import Robot
from passerelle.apps.capture.names import plain_name
from passerelle.apps.capture.receiving import Reader
from passerelle.apps.capture.robots import robot_of_agent
from passerelle.apps.capture.values import Name, NewEvent

RECEIVED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari"
)


def read(
    call: object,
    *,
    named: str = "",
    form: str = "segment",
    agent: str = "",
    ip: str = "",
    sent_at: str | None = None,
    address: str = "shortened",
) -> NewEvent | Dropped:
    raw = call if isinstance(call, bytes) else json.dumps(call).encode()
    received = int(RECEIVED.timestamp() * 1_000_000)
    envelope = Envelope(received, 1, form, named, sent_at, ip, agent, b"", [raw])
    return Reader(Limits(), kept_address(address)).read(envelope, nth=0)


def event(call: object, **more: Any) -> NewEvent:
    found = read(call, **more)
    assert isinstance(found, NewEvent), found
    return found


def reason(call: object, **more: Any) -> DropReason:
    found = read(call, **more)
    assert isinstance(found, Dropped), found
    return found.reason


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Demo Requested", "demo_requested"),
        ("demoRequested", "demo_requested"),
        ("  Demo-Requested! ", "demo_requested"),
        ("HTTPRequest Sent", "http_request_sent"),
        ("Devis demandé", "devis_demande"),
        ("E-mail Opened", "email_opened"),
        ("Email Link Clicked", "email_clicked"),
        ("Email Delivered", "email_sent"),
        ("Unsubscribed", "email_unsubscribed"),
        ("Form Submitted", "form_submitted"),
        ("演示", ""),
        ("x" * 500, "x" * 120),
    ],
)
def test_names_become_those_of_agreements(given: str, expected: str) -> None:
    assert plain_name(given) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (b"{", DropReason.BAD_JSON),
        (b'{"type": "track", "event": "\xff"}', DropReason.BAD_JSON),
        ([], DropReason.BAD_EVENT),
        ({"type": "nothing", "userId": "u"}, DropReason.BAD_EVENT),
        ({"type": ["track"], "userId": "u"}, DropReason.BAD_EVENT),
        ({"type": "act", "userId": "u"}, DropReason.BAD_EVENT),
        ({"type": "track", "userId": "u"}, DropReason.NO_NAME),
        ({"type": "track", "event": {"a": 1}, "userId": "u"}, DropReason.NO_NAME),
        ({"type": "page"}, DropReason.NO_IDENTITY),
        ({"type": "page", "userId": "", "anonymousId": None}, DropReason.NO_IDENTITY),
        ({"type": "page", "userId": True}, DropReason.NO_IDENTITY),
        ({"type": "page", "userId": "x" * 256}, DropReason.NO_IDENTITY),
        ({"type": "page", "userId": "u", "timestamp": "yesterday"}, DropReason.BAD_TIME),
        ({"type": "page", "userId": "u", "timestamp": "2031-01-01T00:00:00Z"}, DropReason.BAD_TIME),
        ({"type": "page", "userId": "u", "timestamp": "1970-01-01T00:00:00Z"}, DropReason.BAD_TIME),
        ({"type": "page", "userId": "u", "timestamp": {}}, DropReason.BAD_TIME),
        ({"type": "page", "userId": "u", "timestamp": 10**30}, DropReason.BAD_TIME),
    ],
)
def test_what_makes_no_event_is_dropped_for_a_named_reason(
    call: object, expected: DropReason
) -> None:
    assert reason(call) == expected


@pytest.mark.parametrize(
    ("call", "sent_at", "expected"),
    [
        ({}, None, RECEIVED),
        ({"timestamp": None}, None, RECEIVED),
        ({"timestamp": "2026-11-22T11:00:00Z"}, None, RECEIVED - timedelta(hours=1)),
        ({"timestamp": "2026-11-22T12:00:00+01:00"}, None, RECEIVED - timedelta(hours=1)),
        ({"timestamp": "2026-11-22T11:00:00"}, None, RECEIVED - timedelta(hours=1)),
        ({"timestamp": 1795345200}, None, RECEIVED - timedelta(hours=1)),
        ({"timestamp": 1795345200000}, None, RECEIVED - timedelta(hours=1)),
        # a clock two hours ahead: received − (sent − original)
        (
            {"originalTimestamp": "2026-11-22T13:59:00Z"},
            "2026-11-22T14:00:00Z",
            RECEIVED - timedelta(minutes=1),
        ),
        (
            {"timestamp": "2026-11-22T13:59:00Z", "sentAt": "2026-11-22T14:00:00Z"},
            None,
            RECEIVED - timedelta(minutes=1),
        ),
        # a back-fill by a client whose clock is right stands to the microsecond
        (
            {"timestamp": "2025-01-02T03:04:05.000006Z"},
            "2026-11-22T11:59:58Z",
            datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        ),
        # and a time given beside the client's own stands whatever the clock
        (
            {"timestamp": "2025-01-02T03:04:05Z", "originalTimestamp": "2026-11-22T14:00:00Z"},
            "2026-11-22T14:00:00Z",
            datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        ),
        # nothing happens after it was received
        ({"timestamp": "2026-11-22T12:30:00Z"}, None, RECEIVED),
    ],
)
def test_an_event_happened_when_its_sender_says_by_a_right_clock(
    call: dict[str, Any], sent_at: str | None, expected: datetime
) -> None:
    found = event({"type": "page", "userId": "u", **call}, sent_at=sent_at)

    assert found.occurred_at == expected


@pytest.mark.parametrize(
    ("call", "subject", "device"),
    [
        ({"userId": 42}, Name("user", "42"), None),
        ({"userId": " u ", "anonymousId": "a"}, Name("user", "u"), Name("device", "a")),
        ({"anonymousId": "a"}, Name("device", "a"), None),
        ({"anonymousId": "a", "traits": {"email": "Ada@X.org "}}, Name("email", "ada@x.org"), "a"),
        ({"context": {"traits": {"email": "a@x.org"}}}, Name("email", "a@x.org"), None),
        ({"anonymousId": "a", "traits": {"email": "nobody"}}, Name("device", "a"), None),
        # whom an invitation goes to is not who invites
        ({"anonymousId": "a", "properties": {"email": "b@x.org"}}, Name("device", "a"), None),
    ],
)
def test_the_subject_is_the_most_telling_name(
    call: dict[str, Any], subject: Name, device: Name | str | None
) -> None:
    found = event({"type": "track", "event": "Invited", **call})

    beside = Name("device", device) if isinstance(device, str) else device
    assert (found.subject, found.device) == (subject, beside)


def test_a_mail_providers_event_is_its_recipients() -> None:
    call = {"type": "track", "event": "Email Opened", "properties": {"email": "ada@x.org"}}

    assert event(call).subject == Name("email", "ada@x.org")


def test_a_page_call_says_where_even_if_only_its_context_does() -> None:
    page = {"url": "https://x.org/pricing?utm_source=ads&utm_campaign=may", "title": "Prices"}

    found = event({"type": "page", "name": "P", "anonymousId": "a", "context": {"page": page}})

    assert (found.name, found.properties["path"]) == ("page", "/pricing")
    assert (found.properties["title"], found.properties["name"]) == ("Prices", "P")
    assert found.context["campaign"] == {"source": "ads", "name": "may"}


def test_traits_group_and_earlier_id_stand_among_the_properties() -> None:
    identified = event({"type": "identify", "userId": "u", "traits": {"title": "CTO"}})
    grouped = event({"type": "group", "userId": "u", "groupId": 7, "traits": {"name": "Acme"}})
    aliased = event({"type": "alias", "userId": "u", "previousId": "a"})

    assert (identified.name, identified.properties) == ("identified", {"title": "CTO"})
    assert (grouped.name, grouped.properties) == ("grouped", {"name": "Acme", "group_id": "7"})
    assert (aliased.name, aliased.properties) == ("aliased", {"previous_id": "a"})


def test_explicit_nulls_and_foreign_keys_harm_nothing() -> None:
    call: dict[str, Any] = {
        "type": "track",
        "event": "Signed Up",
        "userId": "u",
        "anonymousId": None,
        "properties": None,
        "context": None,
        "traits": None,
        "integrations": None,
        "timestamp": None,
        "messageId": None,
        "_metadata": {"bundled": []},
        "channel": "browser",
        "sentAt": None,
    }

    assert event(call).name == "signed_up"


def test_without_a_message_id_each_receipt_is_a_message_of_its_own() -> None:
    call = {"type": "page", "userId": "u"}

    first, again = event(call).message_id, event(call).message_id
    other = event({**call, "userId": "v"}).message_id

    assert first == again != other
    assert len(event({**call, "messageId": "é" * 101}).message_id) == 64
    assert event({**call, "messageId": "x" * 100}).message_id == "x" * 100


def test_what_no_database_takes_is_left_out() -> None:
    call = b'{"type":"track","event":"X","userId":"u\\u0000v","properties":{"a":"\\ud800b\\u0000"}}'

    found = read(call)

    if isinstance(found, NewEvent):  # halves of pairs are refused by the decoder already
        assert "\x00" not in str(found)
    plain = event(b'{"type":"track","event":"X","userId":"u\\u0000v","properties":{"\\u0000":[1]}}')
    assert (plain.subject.value, dict(plain.properties)) == ("uv", {"": [1]})


def test_addresses_are_shortened_or_left_out() -> None:
    call = {"type": "page", "userId": "u", "context": {"ip": "203.0.113.77"}}

    assert event(call).context["ip"] == "203.0.113.0"
    assert event(call, address="whole").context["ip"] == "203.0.113.77"
    assert "ip" not in event(call, address="none").context
    assert shortened("2001:db8:1:2:3:4:5:6") == "2001:db8:1::"
    assert shortened("somewhere") == ""


def test_the_address_of_a_server_that_sends_for_others_is_not_kept() -> None:
    call = {"type": "page", "userId": "u"}

    server = event(call, agent="analytics-python/2.4", ip="198.51.100.0")
    browser = event(call, agent=CHROME, ip="198.51.100.0")

    assert "ip" not in server.context
    assert (browser.context["ip"], browser.context["userAgent"]) == ("198.51.100.0", CHROME)


def test_only_trusted_proxies_say_who_asked() -> None:
    headers = {b"x-forwarded-for": b"198.51.100.9, 203.0.113.5, 10.0.0.2"}
    scope = {"client": ("10.0.0.1", 1)}

    assert Peers(["10.0.0.0/8"]).address(scope, headers) == "203.0.113.5"
    assert Peers([]).address(scope, headers) == "10.0.0.1"


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (CHROME, Robot.NONE),
        ("", Robot.NONE),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Robot.BOT),
        (CHROME.replace("Chrome", "HeadlessChrome"), Robot.BOT),
        ("Mozilla/5.0 (compatible; UptimeRobot/2.0)", Robot.SCANNER),
        ("Mozilla/5.0 (Nikto/2.1.6)", Robot.SCANNER),
        ("Mozilla/5.0 BarracudaCentral link check", Robot.MAIL_SECURITY),
    ],
)
def test_robots_are_told_by_what_they_call_themselves(agent: str, expected: Robot) -> None:
    assert robot_of_agent(agent) == expected


def test_a_browser_that_a_program_drives_is_a_robot() -> None:
    call = {"type": "page", "anonymousId": "a", "context": {"userAgent": CHROME, "webdriver": True}}

    assert event(call).robot == Robot.BOT


def test_a_client_library_is_no_robot_though_it_is_no_browser() -> None:
    found = event({"type": "page", "userId": "u"}, agent="python-requests/2.32")

    assert found.robot == Robot.NONE


def test_posthogs_events_become_calls() -> None:
    pageview = event(
        {
            "event": "$pageview",
            "distinct_id": "d-1",
            "uuid": "m-1",
            "timestamp": "2026-11-22T11:00:00Z",
            "properties": {"$current_url": "https://x.org/pricing", "$device_id": "d-1", "a": 1},
        },
        form="posthog",
    )
    identify = event(
        {
            "event": "$identify",
            "distinct_id": "u-1",
            "properties": {"$anon_distinct_id": "d-1", "$set": {"email": "a@x.org"}},
        },
        form="posthog",
    )

    assert (pageview.name, pageview.subject) == ("page", Name("device", "d-1"))
    assert (pageview.properties["path"], pageview.message_id) == ("/pricing", "m-1")
    assert (identify.subject, identify.device) == (Name("user", "u-1"), Name("device", "d-1"))
    assert identify.properties == {"email": "a@x.org"}


def test_a_large_batch_becomes_rows_of_a_bounded_number_of_events() -> None:
    small = Envelope(1, 1, "segment", "", None, "", "", b"", [memoryview(b"{}")])
    large = Envelope(2, 1, "segment", "", None, "", "", b"", [memoryview(b"{}")] * 1201)

    rows = packed([small, large, small])

    assert [row.events for row in rows] == [1, 500, 500, 202]
    assert sum(len(e.events) for row in rows for e in unpacked(row.body)) == 1203
