"""What answers a request: the collector, the pages, or the signs of health."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog
from asgiref.sync import sync_to_async

from passerelle.project.clock import now
from passerelle.project.configuration import Configuration
from passerelle.project.service.health import readiness
from passerelle.project.service.metrics import counted, exposition
from passerelle.project.service.proxies import is_this_machine, networks, seen_through

Scope = dict[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGES_AT_ONCE = 16
"""Pages in the making at one time; each has a thread and a connection, more wait their turn."""

_log = structlog.stdlib.get_logger("passerelle.web")


@dataclass(frozen=True, slots=True)
class Parts:
    """What this process answers with: one of both may be elsewhere."""

    pages: Application | None
    collector: Application | None
    collects: Callable[[str], bool]


class Answering:
    """The one ASGI application of a process."""

    def __init__(self, parts: Parts, how: Configuration) -> None:
        self._parts = parts
        self._token = how.metrics_token
        self._trusted = networks(how.trusted_proxies)
        self._turns = asyncio.Semaphore(PAGES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the part that answers it."""
        if scope["type"] == "lifespan":
            if self._parts.collector is not None:
                await self._parts.collector(scope, receive, send)
            else:
                await _live(receive, send)
            return
        if scope["type"] != "http":
            return  # no part of Passerelle speaks anything else
        scope = seen_through(scope, self._trusted)
        path = scope["path"]
        if path.startswith(("/health/", "/metrics")) and await self._told(path, scope, send):
            return
        if self._parts.collector is not None and self._parts.collects(path):
            await _counting("collector", self._parts.collector, scope, receive, send)
        elif self._parts.pages is not None:
            async with self._turns:
                await _counting("pages", self._parts.pages, scope, receive, send)
        else:
            await _answer(send, 404, {"code": "not_here", "message": "Not found."})

    async def _told(self, path: str, scope: Scope, send: Send) -> bool:
        match path:
            case "/health/live":
                await _answer(send, 200, {"live": True})
            case "/health/ready":
                ready, found = await sync_to_async(readiness, thread_sensitive=False)(now=now())
                await _answer(send, 200 if ready else 503, found)
            case "/metrics":
                await self._metrics(scope, send)
            case _:
                return False
        return True

    async def _metrics(self, scope: Scope, send: Send) -> None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        wanted = f"Bearer {self._token}".encode()
        allowed = hmac.compare_digest(given, wanted) if self._token else is_this_machine(scope)
        if not allowed:
            told = {"code": "forbidden", "message": "Metrics need their token."}
            await _answer(send, 403, told)
            return
        text = await sync_to_async(_exposed, thread_sensitive=False)()
        await _send(send, 200, text, b"text/plain; version=0.0.4; charset=utf-8")


def _exposed() -> bytes:
    from django.db import connection  # noqa: PLC0415  # of the thread that runs this

    try:
        return exposition(now=now())
    finally:
        connection.close()


async def _counting(
    part: str, application: Application, scope: Scope, receive: Receive, send: Send
) -> None:
    """Let the part answer; count with which status and how long it took."""
    began = time.perf_counter()
    status = 0

    async def watched(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    try:
        await application(scope, receive, watched)
    except Exception:
        _log.exception("a request failed", part=part)
        if status:
            raise  # the answer has begun: the server cuts it off
        status = 500
        await _answer(send, 500, {"code": "internal", "message": "Something went wrong here."})
    finally:
        measures = counted()
        measures.requests.labels(part, _method(scope), str(status)).inc()
        measures.request_seconds.labels(part).observe(time.perf_counter() - began)


def _method(scope: Scope) -> str:
    known = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}
    return scope["method"] if scope["method"] in known else "OTHER"


async def _live(receive: Receive, send: Send) -> None:
    """Answer the server's questions about beginning and end: there is nothing to do."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _answer(send: Send, status: int, told: object) -> None:
    await _send(send, status, json.dumps(told).encode(), b"application/json")


async def _send(send: Send, status: int, body: bytes, kind: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
