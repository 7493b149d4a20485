"""The published Python clients, unchanged, against a collector in a process of its own."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import posthog
import pytest
import rudderstack.analytics.client as rudderstack
import segment.analytics.client as segment

from passerelle.apps.capture.models import Event, EventKind
from tests.apps.capture.desk import Server, a_server, a_source, dropped, unpack

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore"),  # theirs, not ours
]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    for name in ("segment", "rudderstack", "posthog", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _segment(key: str, url: str, **more: Any) -> Any:
    return segment.Client(key, host=url, upload_interval=0.1, **more)


def _rudderstack(key: str, url: str, **more: Any) -> Any:
    return rudderstack.Client(key, host=url, upload_interval=0.1, **more)


Make = Callable[..., Any]
CLIENTS = pytest.mark.parametrize("make", [_segment, _rudderstack])


@CLIENTS
def test_every_call_of_a_client_arrives_as_it_was_made(make: Make) -> None:
    _, key = a_source()
    with a_server() as server:
        client = make(key, server.url)
        client.identify("u-1", traits={"email": "ada@example.org", "title": "CTO"})
        client.track("u-1", "Demo Requested", {"plan": "pro"})
        client.page("u-1", "Docs", "Prices", {"url": "https://example.org/pricing"})
        client.screen("u-1", "Docs", "Home")
        client.group("u-1", "acme", {"name": "Acme"})
        client.alias("d-1", "u-1")
        client.shutdown()

    assert unpack() == 6
    assert {e.kind for e in Event.objects.all()} == {k.value for k in EventKind} - {"act"}
    tracked = Event.objects.get(kind="track")
    assert (tracked.name, tracked.properties) == ("demo_requested", {"plan": "pro"})
    assert Event.objects.get(kind="page").properties["path"] == "/pricing"
    assert Event.objects.get(kind="identify").properties["title"] == "CTO"
    assert dropped() == {}


@CLIENTS
def test_a_back_fill_of_a_thousand_keeps_its_times_and_is_there_once(make: Make) -> None:
    _, key = a_source()
    long_ago = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    with a_server() as server:
        client = make(key, server.url)
        for n in range(1000):
            client.track(f"u-{n}", "Signed Up", timestamp=long_ago)
        client.shutdown()

    assert unpack() == 1000
    assert Event.objects.filter(occurred_at=long_ago).count() == 1000


@CLIENTS
def test_a_client_sends_again_what_a_restart_cut_off(make: Make) -> None:
    _, key = a_source()
    with a_server() as server:
        client = make(key, server.url, max_retries=30)
        for n in range(300):
            client.track(f"u-{n}", "Signed Up")
            if n == 150:
                server.stop()
        _start_again_later(server)
        client.shutdown()

    unpack()
    assert Event.objects.count() == 300


def _start_again_later(server: Server) -> None:
    time.sleep(1)
    server.start()


@pytest.mark.parametrize("gzip", [False, True])
def test_posthogs_client_arrives_too(gzip: bool) -> None:  # noqa: FBT001  # a parameter of the test
    _, key = a_source()
    with a_server() as server:
        client = posthog.Posthog(key, host=server.url, gzip=gzip, flush_interval=0.1)
        client.capture("Demo Requested", distinct_id="u-1", properties={"plan": "pro"})
        client.set(distinct_id="u-1", properties={"email": "ada@example.org"})
        client.capture("$pageview", distinct_id="u-1", properties={"$current_url": "https://x/y"})
        client.shutdown()

    assert unpack() == 3
    assert sorted(Event.objects.values_list("name", flat=True)) == [
        "demo_requested",
        "identified",
        "page",
    ]


def test_a_client_whose_source_sends_too_much_waits_and_loses_nothing() -> None:
    _, key = a_source()
    with a_server({"events_per_second": 40, "burst_seconds": 1, "retry_after": 1}) as server:
        client = _segment(key, server.url, upload_size=10)
        for n in range(120):
            client.track(f"u-{n}", "Signed Up")
        client.shutdown()

    unpack()
    assert Event.objects.count() == 120
    assert dropped()["rate_limited"] > 0
