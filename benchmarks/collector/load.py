"""A load generator for the collector's benchmark: asyncio, raw sockets, prepared requests."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests gave: how many a second, and how long they took."""

    requests: int
    seconds: float
    latencies: Sequence[float]
    failures: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def percentile(self, percent: float) -> float:
        """The latency, in milliseconds, that so many of a hundred requests stay below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


class _Sender(asyncio.Protocol):
    """One connection that sends the next request when the last one is answered."""

    def __init__(
        self, request: Callable[[], bytes], until: float, done: "asyncio.Future[None]"
    ) -> None:
        self.latencies: list[float] = []
        self.failures = 0
        self._request = request
        self._until = until
        self._done = done
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, _, body = self._got.partition(b"\r\n\r\n")
        place = head.lower().find(b"content-length:")
        if place < 0 or len(body) < int(head[place + 15 :].split(b"\r\n")[0]):
            return
        self.latencies.append(time.perf_counter() - self._sent_at)
        if b" 200 " not in head[:15]:
            self.failures += 1
        self._got = b""
        if time.perf_counter() < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(self._request())


def _itself(sender: _Sender) -> _Sender:
    return sender


async def load(
    port: int, request: Callable[[], bytes], *, connections: int, seconds: float
) -> Load:
    """Send requests over so many connections at once, each waiting for its answer."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + seconds
    senders: list[_Sender] = []
    waits = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        sender = _Sender(request, until, done)
        await loop.create_connection(partial(_itself, sender), "127.0.0.1", port)
        senders.append(sender)
        waits.append(done)
    await asyncio.gather(*waits)
    latencies = [one for sender in senders for one in sender.latencies]
    spent = time.perf_counter() - began
    return Load(len(latencies), spent, latencies, sum(sender.failures for sender in senders))
