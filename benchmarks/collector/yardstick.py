"""The bare yardstick of the collector: Granian, msgspec, one insert with a unique message id.

Each answer waits for its shared commit, and nothing else is done: no key, no limit, no second
database, no reading of the event. `YARDSTICK` names a file, or the URL of a PostgreSQL.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg

_WHERE = os.environ["YARDSTICK"]
_OK = b'{"success":true}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_OK))]
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode
Row = tuple[str, bytes]


class _Sqlite:
    def __init__(self) -> None:
        self._to = sqlite3.connect(_WHERE, isolation_level=None, check_same_thread=False)
        self._to.execute("PRAGMA journal_mode=WAL")
        self._to.execute("PRAGMA synchronous=FULL")
        self._to.execute("CREATE TABLE IF NOT EXISTS event (message TEXT PRIMARY KEY, body BLOB)")

    def write(self, rows: Sequence[Row]) -> None:
        self._to.execute("BEGIN IMMEDIATE")
        self._to.executemany("INSERT OR IGNORE INTO event VALUES (?, ?)", rows)
        self._to.execute("COMMIT")


class _Postgres:
    def __init__(self) -> None:
        self._to = psycopg.connect(_WHERE, autocommit=True)
        self._to.execute(
            "CREATE TABLE IF NOT EXISTS yardstick (message text PRIMARY KEY, body bytea)"
        )

    def write(self, rows: Sequence[Row]) -> None:
        self._to.execute(
            "INSERT INTO yardstick SELECT * FROM unnest(%b::text[], %b::bytea[])"
            " ON CONFLICT DO NOTHING",
            [[message for message, _ in rows], [body for _, body in rows]],
        )


_store = _Postgres() if _WHERE.startswith("postgresql") else _Sqlite()
_thread = ThreadPoolExecutor(1)
_waiting: list[tuple[Sequence[Row], "asyncio.Future[None]"]] = []
_writing = False


async def application(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    """Take one event or a batch, answer when it is durable."""
    if scope["type"] != "http":
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    told = _decode(body)
    events = told.get("batch") or [told]
    rows = [(event["messageId"], _encode(event)) for event in events]
    await _durable(rows)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _OK})


def _durable(rows: Sequence[Row]) -> "asyncio.Future[None]":
    global _writing  # noqa: PLW0603  # a yardstick is short, not exemplary
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _waiting.append((rows, future))
    if not _writing:
        _writing = True
        asyncio.get_running_loop().call_soon(_begin)
    return future


def _begin() -> None:
    group = _waiting.copy()
    _waiting.clear()
    rows = [row for some, _ in group for row in some]
    written = asyncio.get_running_loop().run_in_executor(_thread, _store.write, rows)
    written.add_done_callback(lambda done: _end(group, done))


def _end(
    group: Sequence[tuple[Sequence[Row], "asyncio.Future[None]"]], done: "asyncio.Future[None]"
) -> None:
    global _writing  # noqa: PLW0603
    done.result()
    if _waiting:
        _begin()
    else:
        _writing = False
    for _, future in group:
        future.set_result(None)
