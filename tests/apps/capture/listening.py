"""A site and something that listens in the collector's place, on two origins of this machine.

What a tracker sends, and how it bears a collector that is busy or gone, is looked at on the wire.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from passerelle.apps.capture.tracker import CONTENT_TYPE, tracker_script


@dataclass(slots=True)
class Answer:
    """What is said to one request; `status` 0 hangs up."""

    status: int = 200
    body: bytes = b"{}"
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Served:
    """An origin on a free port of this machine."""

    def __init__(self, answer: Callable[[str, str, bytes], Answer]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._give(answer("GET", self.path, b""))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                self._give(answer("POST", self.path, body))

            def _give(self, given: Answer) -> None:
                if not given.status:
                    self.close_connection = True
                    return
                self.send_response(given.status)
                for name, value in {"Content-Type": given.kind, **given.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)

            def log_message(self, *_: Any) -> None:
                """Say nothing: tests speak by their assertions."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Ear:
    """Serves the tracker and remembers what it was told."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []  # as told, those that were refused too
        self.taken: list[dict[str, Any]] = []  # answered with 200, each message once
        self.posts: list[dict[str, Any]] = []
        self.next: deque[Answer] = deque()  # answers to the next posts, if not 200
        self._served = Served(self._answer)

    @property
    def origin(self) -> str:
        return self._served.origin

    def _answer(self, method: str, path: str, body: bytes) -> Answer:
        if method == "GET":
            return Answer(body=tracker_script().body, kind=CONTENT_TYPE.decode())
        told = json.loads(body)
        answer = self.next.popleft() if self.next else Answer()
        self.posts.append({"path": path, **told})
        self.events += told["batch"]
        if answer.status == 200:
            # A page that goes before the answer has come tells it again on its way out.
            known = {event["messageId"] for event in self.taken}
            self.taken += [event for event in told["batch"] if event["messageId"] not in known]
        answer.headers |= {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        }
        return answer

    def wait_for(self, enough: Callable[[list[dict[str, Any]]], object]) -> None:
        """Until what was taken is enough; fails after half a minute with what there is."""
        end = time.monotonic() + 30
        while not enough(self.taken):
            assert time.monotonic() < end, self.taken
            time.sleep(0.02)

    def named(self, name: str) -> list[dict[str, Any]]:
        """The events taken of a type, or of an event's name."""
        return [e for e in self.taken if name in {e["type"], e.get("event")}]


@contextmanager
def an_ear() -> Iterator[Ear]:
    """Somebody who listens in the collector's place."""
    ear = Ear()
    with ear._served:
        yield ear


@contextmanager
def a_site(pages: Mapping[str, str | Path]) -> Iterator[str]:
    """The origin of a site with these pages, by path: their bodies, or the file of a script."""

    def answer(_: str, path: str, __: bytes) -> Answer:
        path = path.partition("?")[0]
        page = pages.get(path)
        if page is None:
            return Answer(status=404)
        if isinstance(page, Path):
            return Answer(body=page.read_bytes(), kind=CONTENT_TYPE.decode())
        text = f"<!doctype html><html lang=en><title>{path}</title>{page}"
        return Answer(body=text.encode(), kind="text/html; charset=utf-8")

    with Served(answer) as served:
        yield served.origin
