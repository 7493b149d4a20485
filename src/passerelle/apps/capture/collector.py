"""The collector: a small ASGI application that makes events durable before it says so.

No Django request passes here; the database is asked for keys every few seconds, beside the way of
an event. A request is decoded as far as is needed to judge it; the rest is the worker's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.db import connection

from passerelle.apps.capture import answers, flushing, posthog, telling
from passerelle.apps.capture.addresses import Peers, kept_address
from passerelle.apps.capture.answers import OK, PIXEL, Answer, Send, refusal
from passerelle.apps.capture.drops import DropCounter, DropReason
from passerelle.apps.capture.inbox import Envelope, GroupCommit, Store
from passerelle.apps.capture.inbox_postgres import PostgresInbox, connection_parameters
from passerelle.apps.capture.inbox_sqlite import SqliteInbox, inbox_file, keep_numbers_ahead
from passerelle.apps.capture.keyring import Keyring, OpenSource
from passerelle.apps.capture.limits import Limits, limits
from passerelle.apps.capture.requests import (
    Content,
    TooLarge,
    Unreadable,
    content_of,
    content_of_pixel,
    event_key,
    key_of,
    unpacked_body,
)
from passerelle.apps.capture.routes import Intake, route

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Scope = Mapping[str, Any]
Sender = Mapping[bytes, bytes]

logger = logging.getLogger(__name__)


class Collector:
    """The ASGI application; one a process. It starts with the first request or by lifespan."""

    def __init__(self, store: Store | None = None, *, set_limits: Limits | None = None) -> None:
        self._limits = set_limits or limits()
        self._store = store
        self._peers = Peers(self._limits.trusted_proxies)
        self._kept_address = kept_address(self._limits.ip_addresses)
        self._starting = asyncio.Lock()
        self._inbox: GroupCommit | None = None
        self._keys = Keyring(self._limits)
        self._drops = DropCounter(self._limits.drop_samples)
        self._beside: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            start = {"type": "http.response.start", "status": 200}
            await send({**start, "headers": answers.preflight(headers)})
            await send({"type": "http.response.body", "body": b""})
            return
        try:
            answer = await self._answer(scope, headers, receive)
        except Exception:  # a bug fails this request alone, and in a shape that clients can read
            logger.exception("a request to the collector failed")
            answer = refusal(500, "fault", "Something went wrong here; please send it again.")
        await answers.give(answer, headers, send)

    async def start(self) -> None:
        """Read the keys and begin to look after them; harmless when it runs already."""
        async with self._starting:
            if self._inbox is not None:
                return
            store = await asyncio.to_thread(_store) if self._store is None else self._store
            await self._keys.refresh()
            self._beside = asyncio.create_task(self._look_after())
            self._inbox = GroupCommit(store, limits=self._limits)

    async def stop(self) -> None:
        """Make durable what waits, write down what was dropped."""
        if self._inbox is None:
            return
        if self._beside is not None:
            self._beside.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beside
        await self._inbox.close()
        self._inbox = None
        await flushing.flush(self._drops, self._keys)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(self._limits.refresh_seconds)
            await self._keys.refresh()
            await flushing.flush(self._drops, self._keys)

    async def _answer(self, scope: Scope, headers: Sender, receive: Receive) -> Answer:
        found = route(scope["path"])
        if isinstance(found, Intake) and scope["method"] == ("GET" if found.pixel else "POST"):
            if self._inbox is None and not await self._started():
                return self._not_durable()
            answer = await self._take(found, scope, headers, receive)
            return PIXEL if found.pixel else answer  # a mail program shows what it gets
        if found is None:
            return refusal(404, "not_found", "The collector has no such address.")
        if isinstance(found, Intake):
            return refusal(405, "bad_method", "Send events by POST, pixels by GET.")
        return telling.tell(found, scope, headers, public_url=self._public_url(scope, headers))

    async def _take(
        self, intake: Intake, scope: Scope, headers: Sender, receive: Receive
    ) -> Answer:
        try:
            body = await _whole(receive, headers, most=self._limits.batch_bytes)
            body = unpacked_body(body, most=self._limits.batch_bytes)
            if intake.pixel:
                content = content_of_pixel(scope["query_string"])
            elif intake.form == "posthog":
                content = posthog.content_of(body, scope["query_string"])
            else:
                content = content_of(body, batch=not intake.call)
        except TooLarge:
            self._drops.add(DropReason.TOO_LARGE, sample=f"body {scope['path']}"[:60])
            most = self._limits.batch_bytes
            return refusal(413, "too_large", f"A request may hold {most} bytes, unpacked.")
        except Unreadable as wrong:
            self._drops.add(DropReason.BAD_JSON, sample=str(wrong))
            return refusal(400, "bad_json", f"{wrong}.")
        return await self._accept(intake, content, scope, headers)

    async def _accept(
        self, intake: Intake, content: Content, scope: Scope, headers: Sender
    ) -> Answer:
        key = key_of(headers, query=scope["query_string"]) or content.key
        if not key and not intake.call and content.events:
            return await self._accept_by_event(intake, content, scope, headers)
        source = self._keys.known(key) or await self._keys.find(key)
        if source is None:
            self._drops.add(DropReason.BAD_KEY, sample=_masked(key), n=len(content.events))
            return refusal(401, "bad_key", "The write key is missing, unknown or revoked.")
        self._keys.used.add(key)
        return await self._store_events(intake, content, source, scope, headers)

    async def _accept_by_event(
        self, intake: Intake, content: Content, scope: Scope, headers: Sender
    ) -> Answer:
        """Of a batch in which each event brings its own key."""
        by_key: dict[str, list[Any]] = {}
        for event in content.events:
            by_key.setdefault(event_key(event), []).append(event)
        worst = OK
        for key, events in by_key.items():
            if key:
                part = Content(events, content.sent_at, key, content.context)
                answer = await self._accept(intake, part, scope, headers)
            else:
                self._drops.add(DropReason.BAD_KEY, sample="no key", n=len(events))
                answer = refusal(401, "bad_key", "The write key is missing, unknown or revoked.")
            if answer.status != 200 and (len(by_key) == 1 or answer.status in (429, 503)):
                worst = answer  # else the neighbours were taken, and must not be sent again
        return worst

    async def _store_events(
        self,
        intake: Intake,
        content: Content,
        source: OpenSource,
        scope: Scope,
        headers: Sender,
    ) -> Answer:
        assert self._inbox is not None
        if refused := self._refused(source, content, headers):
            return refused
        events = self._of_bearable_size(content.events, source)
        if not events:
            if not content.events:
                return OK
            most = self._limits.event_bytes
            return refusal(413, "too_large", f"An event may hold {most} bytes.")
        size = sum(map(len, events))
        if self._inbox.full(size):
            return self._come_back(DropReason.OVERLOADED, source, len(events))
        envelope = Envelope(
            time.time_ns() // 1000,
            source.id,
            intake.form,
            intake.call,
            content.sent_at,
            self._kept_address(self._peers.address(scope, headers)),
            headers.get(b"user-agent", b"")[:512].decode("latin-1"),
            content.context,
            events,
        )
        if await self._inbox.add(envelope, size=size):
            return OK
        return self._not_durable()

    async def _started(self) -> bool:
        try:
            await self.start()
        except Exception:  # the database is not there yet, or the disk is full
            logger.exception("the collector cannot start")
            return False
        return True

    def _not_durable(self) -> Answer:
        wait = self._limits.retry_after
        message = "The event cannot be kept now; please send it again."
        return refusal(503, "not_durable", message, retry_after=wait)

    def _refused(self, source: OpenSource, content: Content, headers: Sender) -> Answer | None:
        origin = headers.get(b"origin")
        if origin and source.origins and origin.decode("latin-1") not in source.origins:
            sample = origin.decode("latin-1")
            n = len(content.events)
            self._drops.add(DropReason.WRONG_ORIGIN, source_id=source.id, sample=sample, n=n)
            return refusal(403, "wrong_origin", "This source does not take events from this site.")
        if not source.spend(len(content.events), limits=self._limits):
            return self._come_back(DropReason.RATE_LIMITED, source, len(content.events))
        return None

    def _of_bearable_size(self, events: list[Any], source: OpenSource) -> list[Any]:
        most = self._limits.event_bytes
        if len(events) == 1 or max(map(len, events), default=0) > most:
            fit = [event for event in events if len(event) <= most]
            for event in events:
                if len(event) > most:
                    sample = f"{len(event)} bytes"
                    self._drops.add(DropReason.TOO_LARGE, source_id=source.id, sample=sample)
            return fit
        return events

    def _come_back(self, reason: DropReason, source: OpenSource, n: int) -> Answer:
        self._drops.add(reason, source_id=source.id, n=n)
        wait = self._limits.retry_after
        return refusal(429, reason.value, "Too much at once; please wait.", retry_after=wait)

    def _public_url(self, scope: Scope, headers: Sender) -> str:
        if self._limits.public_url:
            return self._limits.public_url.rstrip("/")
        scheme = scope.get("scheme", "http")
        host = headers.get(b"host", b"localhost").decode("latin-1")
        if self._peers.trusts(scope):
            scheme = headers.get(b"x-forwarded-proto", scheme.encode()).decode("latin-1")
            host = headers.get(b"x-forwarded-host", host.encode()).decode("latin-1")
        return f"{scheme}://{host}"


async def _whole(receive: Receive, headers: Sender, *, most: int) -> bytes:
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > most:
        raise TooLarge
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise TooLarge
    return b"".join(parts)


def _store() -> Store:
    if connection.vendor == "postgresql":
        return PostgresInbox(connection_parameters())
    keep_numbers_ahead(inbox_file())
    connection.close()
    return SqliteInbox(inbox_file())


def _masked(key: str) -> str:
    return f"{key[:4]}…" if key else "no key"
