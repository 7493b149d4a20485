"""Kill the collector at any moment: what it acknowledged is in the log, once."""

import json
import signal
import threading
import time
import urllib.error
import urllib.request

import pytest

from passerelle.apps.capture.models import Event
from tests.apps.capture.desk import Server, a_server, a_source, a_track, basic, unpack

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 3


def test_what_was_acknowledged_before_a_kill_is_there_exactly_once() -> None:
    _, key = a_source()
    acknowledged: set[str] = set()
    sent: set[str] = set()
    with a_server() as server:
        for kill in range(KILLS):
            senders = [
                threading.Thread(
                    target=_send, args=(server, key, f"{kill}-{n}", acknowledged, sent)
                )
                for n in range(6)
            ]
            for sender in senders:
                sender.start()
            time.sleep(0.4 + 0.13 * kill)
            server.stop(signal.SIGKILL)
            for sender in senders:
                sender.join()
            unpack()
            server.start()

    unpack()
    found = list(Event.objects.values_list("message_id", flat=True))
    assert len(found) == len(set(found))
    assert acknowledged
    assert acknowledged <= set(found) <= sent


def _send(server: Server, key: str, name: str, acknowledged: set[str], sent: set[str]) -> None:
    """One event after the other, each again under its own id, until the server is gone."""
    for n in range(100_000):
        message = f"{name}-{n}"
        sent.add(message)
        body = json.dumps(a_track(messageId=message)).encode()
        request = urllib.request.Request(f"{server.url}/v1/track", body, basic(key))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                if answer.status == 200:
                    acknowledged.add(message)
        except OSError:
            return
