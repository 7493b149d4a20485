import base64
import gzip
import json
from collections.abc import Sequence

import pytest

from passerelle.apps.capture.actions import archive_source, revoke_key, rotate_key
from passerelle.apps.capture.inbox import Row
from passerelle.apps.capture.limits import Limits
from passerelle.apps.capture.models import Event, EventKind, WriteKey
from tests.apps.capture.desk import (
    NOW,
    Request,
    a_source,
    a_track,
    basic,
    dropped,
    send,
    unpack,
)

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = [kind.value for kind in EventKind if kind != EventKind.ACT]


@pytest.mark.parametrize("prefix", ["/v1/", "/api/s/", "/api/s/s2s/"])
@pytest.mark.parametrize("call", CALLS)
def test_each_call_has_its_own_address(prefix: str, call: str) -> None:
    _, key = a_source()
    body = {**a_track(), "type": None, "previousId": "a", "groupId": "g", "anonymousId": "b"}

    (reply,) = send(Request(prefix + call, body, basic(key)))

    assert (reply.status, reply.json["success"]) == (200, True)
    assert unpack() == 1
    assert [e.kind for e in Event.objects.all()] == [call]


@pytest.mark.parametrize("short", "pistga")
def test_browsers_use_short_addresses(short: str) -> None:
    _, key = a_source()

    body = a_track(writeKey=key, groupId="g")
    (reply,) = send(Request(f"/v1/{short}", body, {"Content-Type": "text/plain"}))

    assert reply.status == 200
    assert unpack() == 1
    assert Event.objects.get().kind[0] == short


@pytest.mark.parametrize(
    "path", ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch", "/v1/batch/"]
)
def test_a_batch_is_taken_whole(path: str) -> None:
    _, key = a_source()

    (reply,) = send(Request(path, {"batch": [a_track(n) for n in range(3)]}, basic(key)))

    assert reply.status == 200
    assert unpack() == 3
    assert Event.objects.count() == 3


def test_the_key_may_stand_in_four_places() -> None:
    _, key = a_source()

    replies = send(
        Request("/v1/track", a_track(1), basic(key)),
        Request("/v1/track", a_track(2, writeKey=key)),
        Request("/api/s/track", a_track(3), {"X-Write-Key": key}),
        Request("/beacon/v1/batch", {"batch": [a_track(4)]}, query=f"writeKey={key}"),
        Request("/v1/b", {"batch": [a_track(5, writeKey=key)]}),
        Request("/v1/batch", {"batch": [a_track(6)], "writeKey": key}),
    )

    assert [reply.status for reply in replies] == [200] * 6
    assert unpack() == 6


def test_a_wrong_key_is_refused_in_a_shape_that_clients_can_read() -> None:
    (reply,) = send(Request("/v1/track", a_track(), basic("nobody")))

    assert reply.status == 401
    assert set(reply.json) == {"code", "message"}
    assert dropped() == {"bad_key": 1}


def test_of_a_batch_with_keys_of_its_own_the_good_ones_are_taken() -> None:
    _, key = a_source()
    batch = [a_track(1, writeKey=key), a_track(2, writeKey="nobody"), a_track(3)]

    (reply,) = send(Request("/v1/b", {"batch": batch}))

    assert reply.status == 200
    assert unpack() == 1
    assert dropped() == {"bad_key": 2}


def test_a_revoked_key_and_an_archived_source_are_closed_and_a_new_key_opens() -> None:
    source, first = a_source()
    second = rotate_key(source, by=None, now=NOW)
    revoke_key(WriteKey.objects.get(key=first), by=None, now=NOW)
    other, third = a_source("Other")
    archive_source(other, by=None, now=NOW)

    replies = send(*(Request("/v1/track", a_track(), basic(k)) for k in (first, second.key, third)))

    assert [reply.status for reply in replies] == [401, 200, 401]


def test_zipped_bodies_are_known_by_their_first_bytes() -> None:
    _, key = a_source()
    body = gzip.compress(json.dumps({"batch": [a_track()]}).encode())
    headers = {**basic(key), "Content-Type": "application/x-www-form-urlencoded"}

    replies = send(
        Request("/v1/batch", body, headers),
        Request("/v1/batch", body[:-9], headers),
    )

    assert [reply.status for reply in replies] == [200, 400]
    assert unpack() == 1


def test_a_bomb_is_not_unpacked() -> None:
    _, key = a_source()
    bomb = gzip.compress(b" " * 50_000_000)

    (reply,) = send(Request("/v1/batch", bomb, basic(key)))

    assert (reply.status, reply.json["code"]) == (413, "too_large")


def test_an_event_too_large_is_dropped_alone() -> None:
    _, key = a_source()
    large = a_track(2, properties={"text": "x" * 33_000})

    batch, single = send(
        Request("/v1/batch", {"batch": [a_track(1), large, a_track(3)]}, basic(key)),
        Request("/v1/track", large, basic(key)),
    )

    assert (batch.status, single.status) == (200, 413)
    assert unpack() == 2
    assert dropped() == {"too_large": 2}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 90_000, b'{"batch": {}}']
)
def test_what_is_no_batch_is_refused(body: bytes) -> None:
    _, key = a_source()

    (reply,) = send(Request("/v1/batch", body, basic(key)))

    assert (reply.status, reply.json["code"]) == (400, "bad_json")


def test_every_address_may_be_asked_from_another_site() -> None:
    _, key = a_source()
    headers = {"Origin": "https://www.example.org", "Access-Control-Request-Headers": "x-y, z"}

    asked, sent, told, refused = send(
        Request("/v1/t", b"", headers, method="OPTIONS"),
        Request("/v1/t", a_track(writeKey=key), headers),
        Request(f"/v1/projects/{key}/settings", b"", headers, method="GET"),
        Request("/v1/t", b"{", headers),
    )

    assert asked.headers["access-control-allow-headers"] == "x-y, z"
    for reply in (asked, sent, told, refused):
        assert reply.headers["access-control-allow-origin"] == "https://www.example.org"
        assert reply.headers["access-control-expose-headers"] == "Retry-After"


def test_settings_lead_the_browser_client_back_to_us() -> None:
    asked = Request("/v1/projects/abc/settings", b"", method="GET")

    here, proxied = send(asked), send(asked, limits=Limits(public_url="https://go.example.org/in/"))

    segment = here[0].json["integrations"]["Segment.io"]
    assert (segment["apiKey"], segment["apiHost"]) == ("abc", "in.example.org/v1")
    assert (segment["protocol"], here[0].json["metrics"]["sampleRate"]) == ("https", 0)
    assert proxied[0].json["integrations"]["Segment.io"]["apiHost"] == "go.example.org/in/v1"


def test_other_clients_are_told_to_send_here_and_nothing_else() -> None:
    rudder, flags, config = send(
        Request("/sourceConfig/", b"", method="GET", query="writeKey=abc"),
        Request("/flags/", b"{}", query="v=2"),
        Request("/array/abc/config", b"", method="GET"),
    )

    assert rudder.json["source"]["destinations"] == []
    assert rudder.json["source"]["dataplanes"]["default"][0]["url"] == "https://in.example.org"
    assert (flags.json["featureFlags"], config.json["token"]) == ({}, "abc")


def test_a_source_takes_from_the_sites_it_lists_and_from_programs() -> None:
    _, key = a_source(origins=("https://www.example.org/",))

    replies = send(
        Request("/v1/track", a_track(1), {**basic(key), "Origin": "https://www.example.org"}),
        Request("/v1/track", a_track(2), {**basic(key), "Origin": "https://evil.example"}),
        Request("/v1/track", a_track(3), basic(key)),
    )

    assert [reply.status for reply in replies] == [200, 403, 200]
    assert dropped() == {"wrong_origin": 1}


def test_a_source_that_sends_too_much_is_asked_to_come_back() -> None:
    _, key = a_source()
    _, other = a_source("Other")
    limits = Limits(events_per_second=1, burst_seconds=3, retry_after=7)
    requests = [Request("/v1/track", a_track(n), basic(key)) for n in range(5)]

    replies = send(*requests, Request("/v1/track", a_track(9), basic(other)), limits=limits)

    assert [reply.status for reply in replies] == [200, 200, 200, 429, 429, 200]
    assert (replies[3].headers["retry-after"], replies[3].json["code"]) == ("7", "rate_limited")
    assert unpack() == 4


def test_an_overloaded_collector_takes_nothing_it_cannot_keep() -> None:
    _, key = a_source()

    (reply,) = send(Request("/v1/track", a_track(), basic(key)), limits=Limits(waiting_requests=0))

    assert (reply.status, reply.json["code"]) == (429, "overloaded")
    assert int(reply.headers["retry-after"]) > 0
    assert unpack() == 0


class _FullDisk:
    def append(self, rows: Sequence[Row]) -> None:
        raise OSError(28, "No space left on device")

    def close(self) -> None:
        pass


def test_what_cannot_be_made_durable_is_not_acknowledged() -> None:
    _, key = a_source()

    (reply,) = send(Request("/v1/track", a_track(), basic(key)), store=_FullDisk())

    assert (reply.status, reply.json["code"]) == (503, "not_durable")
    assert int(reply.headers["retry-after"]) > 0


def test_an_e_mail_that_is_opened_asks_for_a_picture() -> None:
    _, key = a_source()
    call = {"event": "Email Opened", "properties": {"email": "ada@example.org"}, "writeKey": key}
    data = base64.urlsafe_b64encode(json.dumps(call).encode()).decode().rstrip("=")

    good, bad = send(
        Request("/v1/pixel/track", b"", method="GET", query=f"data={data}"),
        Request("/v1/pixel/track", b"", method="GET", query="data=!"),
    )

    assert (good.status, good.headers["content-type"], good.body[:3]) == (200, "image/gif", b"GIF")
    assert bad.body == good.body
    assert unpack() == 1
    assert Event.objects.get().name == "email_opened"
    assert dropped() == {"bad_json": 1}


def test_addresses_that_are_not_the_collectors_get_an_answer_too() -> None:
    unknown, got = send(Request("/v1/nothing", b""), Request("/v1/track", b"", method="GET"))

    assert (unknown.status, got.status) == (404, 405)
    assert set(unknown.json) == {"code", "message"}
