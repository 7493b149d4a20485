"""Whatever comes, the collector answers, and never with a fault of its own."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.apps.capture.addresses import shortened
from passerelle.apps.capture.collector import Collector
from passerelle.apps.capture.drops import Dropped
from passerelle.apps.capture.inbox import Row, unpacked
from passerelle.apps.capture.limits import Limits
from passerelle.apps.capture.receiving import Reader
from passerelle.apps.capture.values import NewEvent
from tests.apps.capture.desk import Reply, Request, a_source, exchange

PATHS = ("/v1/batch", "/v1/t", "/v1/identify", "/api/s/page", "/beacon/v1/batch", "/batch/", "/e/")
NAMES = [
    "batch",
    "type",
    "event",
    "userId",
    "anonymousId",
    "previousId",
    "groupId",
    "messageId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "context",
    "traits",
    "properties",
    "writeKey",
    "email",
    "page",
    "url",
    "search",
    "campaign",
    "api_key",
    "distinct_id",
    "uuid",
    "$set",
    "$current_url",
    "data",
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["track", "page", "identify", "2026-11-22T10:00:00Z", "a@b.org", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=25,
)
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)


class _Memory:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def append(self, rows: Sequence[Row]) -> None:
        self.rows.extend(rows)

    def close(self) -> None:
        pass


@pytest.mark.django_db(transaction=True)
def test_no_body_whatever_makes_a_fault() -> None:
    _, key = a_source()

    async def ask(request: Request, memory: _Memory, loop_collector: list[Any]) -> Reply:
        if not loop_collector:
            loop_collector.append(Collector(memory, set_limits=Limits(events_per_second=0)))
            await loop_collector[0].start()
        return await exchange(loop_collector[0], request)

    with asyncio.Runner() as runner:
        memory = _Memory()
        started: list[Any] = []

        @settings(max_examples=300, suppress_health_check=list(HealthCheck))
        @given(path=st.sampled_from(PATHS), body=BODIES, query=st.text("a=&%+data", max_size=12))
        def check(path: str, body: bytes, query: str) -> None:
            headers = {"X-Write-Key": key}
            request = Request(path, body, headers, query=query)
            reply = runner.run(ask(request, memory, started))

            assert reply.status in (200, 400, 413), reply
            assert isinstance(reply.json, dict)
            _read_all(memory)

        check()
        runner.run(started[0].stop())


def _read_all(memory: _Memory) -> None:
    """What was accepted must be readable, or be dropped for a reason, and fit any database."""
    reader = Reader(Limits(), shortened)
    for row in memory.rows:
        for envelope in unpacked(row.body):
            for nth in range(len(envelope.events)):
                read = reader.read(envelope, nth=nth)
                assert isinstance(read, NewEvent | Dropped)
                assert "\x00" not in repr(read).replace("\\x00", "\x00")
    memory.rows.clear()
