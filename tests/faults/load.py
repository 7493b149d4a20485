"""A small generator of load: posts batches as a client does, remembers what was acknowledged."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

PEOPLE = 25
"""Leads that the load is about: few, so that each has a log that grows."""


@dataclass(slots=True)
class Load:
    """Threads that send until they are told to end."""

    port: int
    key: str
    senders: int = 4
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    ending: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        for number in range(self.senders):
            thread = threading.Thread(target=self._send, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """No new batches; those under way are waited for."""
        self.ending.set()
        for thread in self._threads:
            thread.join(60)

    def _send(self, number: int) -> None:
        sequence = 0
        while not self.ending.is_set():
            sequence += 1
            batch = [a_call(f"{number}-{sequence}-{place}", place) for place in range(5)]
            self._until_acknowledged(batch)
            time.sleep(0.02)

    def _until_acknowledged(self, batch: list[dict[str, object]]) -> None:
        """As clients do: send the same again, with the same message ids, until it is taken."""
        while True:
            if self._post(batch) == http.client.OK:
                with self._lock:
                    self.acknowledged |= {str(call["messageId"]) for call in batch}
                return
            self.refused += 1
            if self.ending.wait(0.2):
                return  # never acknowledged: it may be in the log or not

    def _post(self, batch: list[dict[str, object]]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = json.dumps({"writeKey": self.key, "batch": batch}).encode()
        try:
            connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return answer.status
        finally:
            connection.close()


def a_call(name: str, place: int) -> dict[str, object]:
    """A page read, or now and then an introduction."""
    person = (hash_of(name) + place) % PEOPLE
    email = f"person{person}@north.example"
    common = {
        "messageId": name,
        "anonymousId": f"browser-{person}",
        "userId": email,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    if place == 0:
        return {"type": "identify", "traits": {"email": email}, **common}
    path = "/pricing" if place % 2 else "/blog/one"
    return {"type": "page", "properties": {"path": path}, **common}


def hash_of(name: str) -> int:
    """The same on every run, unlike Python's own."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(name))
