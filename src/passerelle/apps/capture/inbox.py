"""The inbox: what was acknowledged and is not yet in the log, and how requests get into it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

import msgspec

from passerelle.apps.capture.limits import Limits

EVENTS_PER_ROW = 500  # a row is what a worker takes at least

logger = logging.getLogger(__name__)


class Envelope(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One request: what was known of it, and its events as they came."""

    received: int  # microseconds since 1970
    source_id: int
    form: str  # the contract it came by: segment, posthog
    call: str  # the call that the address named; empty in a batch
    sent_at: str | None
    ip: str
    agent: str
    context: bytes  # of the batch, as JSON; empty: none
    events: list[Any]  # of JSON texts


class Row(NamedTuple):
    """What is written at once: packed envelopes, and how many events they hold."""

    events: int
    body: bytes


class Store(Protocol):
    """Where rows become durable. All calls come from one thread."""

    def append(self, rows: Sequence[Row]) -> None:
        """Write all rows in one commit; on return they are durable."""

    def close(self) -> None:
        """Let go of it."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Envelope]).decode


def packed(group: Sequence[Envelope]) -> list[Row]:
    """Envelopes as rows of a bounded number of events."""
    rows: list[Row] = []
    held: list[Envelope] = []
    count = 0
    for envelope in group:
        for piece in _pieces(envelope):
            if count + len(piece.events) > EVENTS_PER_ROW and held:
                rows.append(Row(count, _encode(held)))
                held, count = [], 0
            held.append(piece)
            count += len(piece.events)
    if held:
        rows.append(Row(count, _encode(held)))
    return rows


def unpacked(body: bytes) -> list[Envelope]:
    """The envelopes of a row."""
    return _decode(body)


def _pieces(envelope: Envelope) -> Iterator[Envelope]:
    events = envelope.events
    if len(events) <= EVENTS_PER_ROW:
        yield envelope
        return
    for start in range(0, len(events), EVENTS_PER_ROW):
        yield msgspec.structs.replace(envelope, events=events[start : start + EVENTS_PER_ROW])


class _Waiting(NamedTuple):
    envelope: Envelope
    size: int
    durable: asyncio.Future[bool]


class GroupCommit:
    """Makes requests durable: all that wait share the next commit.

    Lives in an event loop; only the commit itself runs in a thread.
    """

    def __init__(self, store: Store, *, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._thread = ThreadPoolExecutor(1, "inbox")
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Waiting] = []
        self._requests = 0  # waiting or being written
        self._bytes = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def full(self, size: int) -> bool:
        """Whether a request of that many bytes has to come back later."""
        limits = self._limits
        return (
            self._requests >= limits.waiting_requests or self._bytes + size > limits.waiting_bytes
        )

    def add(self, envelope: Envelope, *, size: int) -> asyncio.Future[bool]:
        """Have it written; the answer is whether it is durable."""
        durable: asyncio.Future[bool] = self._loop.create_future()
        self._waiting.append(_Waiting(envelope, size, durable))
        self._requests += 1
        self._bytes += size
        if self._idle.is_set():
            self._idle.clear()
            self._loop.call_soon(self._begin)
        return durable

    async def close(self) -> None:
        """Write what waits and let go."""
        await self._idle.wait()
        await self._loop.run_in_executor(self._thread, self._store.close)
        self._thread.shutdown()

    def _begin(self) -> None:
        group, self._waiting = self._waiting, []
        written = self._loop.run_in_executor(self._thread, self._write, group)
        written.add_done_callback(lambda done: self._end(group, done))

    def _write(self, group: Sequence[_Waiting]) -> bool:
        try:
            self._store.append(packed([one.envelope for one in group]))
        except Exception:  # disk full, database gone: nobody is told that it is durable
            logger.exception("the inbox cannot be written")
            return False
        return True

    def _end(self, group: Sequence[_Waiting], written: asyncio.Future[bool]) -> None:
        self._requests -= len(group)
        self._bytes -= sum(one.size for one in group)
        if self._waiting:
            self._begin()
        else:
            self._idle.set()
        durable = written.result()
        for one in group:
            if not one.durable.done():  # its client went away
                one.durable.set_result(durable)
