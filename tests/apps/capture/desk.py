"""A collector to send requests to, in this process or in one of its own, and what came of it."""

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from passerelle.apps.capture.actions import create_source
from passerelle.apps.capture.collector import Collector
from passerelle.apps.capture.inbox import Store
from passerelle.apps.capture.limits import Limits
from passerelle.apps.capture.models import Drop, Source
from passerelle.apps.capture.worker import work
from tests.outside import CHECKOUT

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Body = Mapping[str, Any] | list[Any] | bytes


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    body: Body = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    method: str = "POST"
    client: str = "203.0.113.77"

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def a_source(name: str = "Site", *, origins: tuple[str, ...] = ()) -> tuple[Source, str]:
    source = create_source(name, origins=origins, by=None, now=NOW)
    return source, source.keys.get().key


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def a_track(n: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Demo Requested",
        "userId": f"user-{n}",
        "messageId": f"message-{n}",
        **more,
    }


def send(
    *requests: Request, limits: Limits | None = None, store: Store | None = None
) -> list[Reply]:
    """Send requests one after the other to a collector that is stopped in good order."""

    async def run() -> list[Reply]:
        collector = Collector(store, set_limits=limits)
        await collector.start()
        try:
            return [await exchange(collector, request) for request in requests]
        finally:
            await collector.stop()

    return asyncio.run(run())


async def exchange(collector: Collector, request: Request) -> Reply:
    sent: list[Mapping[str, Any]] = []
    messages = [{"type": "http.request", "body": request.raw, "more_body": False}]

    async def receive() -> Mapping[str, Any]:
        return messages.pop(0)

    async def take(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": request.method,
        "path": request.path,
        "query_string": request.query.encode(),
        "scheme": "https",
        "client": (request.client, 4321),
        "headers": [
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in {"Host": "in.example.org", **request.headers}.items()
        ],
    }
    await collector(scope, receive, take)
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, b"".join(m["body"] for m in sent[1:]))


def unpack(now: datetime = NOW) -> int:
    """Let the worker work until nothing waits; how many events it took."""
    total = 0
    while done := work(now):
        total += done
    return total


def dropped() -> Counter[str]:
    found: Counter[str] = Counter()
    for drop in Drop.objects.all():
        found[drop.reason] += drop.count
    return found


class Server:
    """A collector in a process of its own, on a port of its own."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = limits
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        granian = ("-m", "granian", "--interface", "asgi", "--no-ws", "--port", str(self.port))
        limits = json.dumps(dict(self._limits))
        self._process = subprocess.Popen(
            [sys.executable, *granian, "tests.apps.capture.served:application"],
            env={
                **os.environ,
                "DATABASE_URL": _database_url(),
                "DJANGO_SETTINGS_MODULE": "passerelle.project.settings",
                "TEST_LIMITS": limits,
            },
            cwd=CHECKOUT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is None:
            return
        if how == signal.SIGKILL:
            os.killpg(self._process.pid, how)  # the server and its workers, at once
        else:
            self._process.send_signal(how)
        self._process.wait(30)
        self._process = None


@contextmanager
def a_server(limits: Mapping[str, int] | None = None) -> Iterator[Server]:
    server = Server(limits or {})
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


def _database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgresql://{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
