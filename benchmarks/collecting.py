"""How many events a second the collector makes durable, beside a bare yardstick.

And how fast the worker unpacks them into the log:

    python benchmarks/collecting.py [--seconds 4] [--log 0] [--postgresql URL]

Both run under the same server, one process each, with the load generator beside them, in turns.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.collector import load

CHECKOUT = Path(__file__).parents[1]
ROUNDS = 3
BATCH = 100

_PATH = os.pathsep.join(sys.path)


def main() -> None:
    """Measure on SQLite, and on PostgreSQL if its URL is given."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=4.0)
    asked.add_argument("--log", type=int, default=0, help="events in the log beforehand")
    asked.add_argument("--postgresql", default="", help="URL of an empty database")
    asked.add_argument("--only", default="", help="sqlite or postgresql")
    given = asked.parse_args()
    if "_COLLECTING" in os.environ:
        measure(os.environ["_COLLECTING"], seconds=given.seconds, log=given.log)
        return
    for name, url in (("sqlite", ""), ("postgresql", given.postgresql)):
        if (name == "sqlite" or url) and given.only in ("", name):
            with tempfile.TemporaryDirectory() as folder:
                here = {"_COLLECTING": name, "DATABASE_URL": url, "PASSERELLE_DATA": folder}
                command = [sys.executable, __file__, *sys.argv[1:]]
                subprocess.run(command, env={**os.environ, **here}, check=True)


def measure(name: str, *, seconds: float, log: int) -> None:
    """One database: singles and batches, in turns with the yardstick, then the unpacking."""
    from benchmarks.collector import ground  # noqa: PLC0415  # sets Django up, in the process that measures

    key = ground.install()
    ground.fill(log)
    yardstick = os.environ["DATABASE_URL"] or f"{os.environ['PASSERELLE_DATA']}/yardstick.db"
    ours = _served("benchmarks.collector.served:application", yardstick)
    bare = _served("benchmarks.collector.yardstick:application", yardstick)
    with ours as our_port, bare as bare_port:
        for what, connections, size in (("singles", 64, 1), ("batches of 100", 16, BATCH)):
            requests = _requests(key, size)
            found: dict[str, list[load.Load]] = {"yardstick": [], "collector": []}
            for _ in range(ROUNDS):
                for who, port in (("yardstick", bare_port), ("collector", our_port)):
                    run = load.load(port, requests, connections=connections, seconds=seconds)
                    found[who].append(asyncio.run(run))
            _print(name, what, found, size)
    print(f"{name:<11} unpacked into a log of {ground.unpack(seconds=10)}")


def _print(name: str, what: str, found: dict[str, list[load.Load]], size: int) -> None:
    rates = {who: sorted(run.rate * size for run in runs) for who, runs in found.items()}
    middle = {who: each[len(each) // 2] for who, each in rates.items()}
    for who, runs in found.items():
        p99 = sorted(run.percentile(99) for run in runs)[len(runs) // 2]
        failures = sum(run.failures for run in runs)
        print(
            f"{name:<11} {what:<15} {who:<10} {middle[who]:>9,.0f} events/s"
            f"  ({rates[who][0]:,.0f} to {rates[who][-1]:,.0f})  p99 {p99:6.1f} ms"
            f"  {failures} failures"
        )
    print(f"{name:<11} {what:<15} ratio {middle['collector'] / middle['yardstick']:.2f}")


def _requests(key: str, size: int) -> Callable[[], bytes]:
    secret = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST /v1/{'batch' if size > 1 else 'track'} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Basic {secret}\r\nContent-Type: application/json\r\n"
    )
    people = 0

    def event() -> str:
        nonlocal people
        people += 1
        return json.dumps(
            {
                "type": "track",
                "event": "Form Submitted",
                "userId": f"user-{people % 5000}",
                "anonymousId": f"device-{people % 5000}",
                "messageId": f"message-{uuid4()}",
                "timestamp": "2026-11-22T11:59:59.123Z",
                "properties": {"form": "contact", "path": "/contact", "value": 12, "tier": "pro"},
                "context": {
                    "page": {"url": "https://www.example.org/contact", "title": "Contact us"},
                    "library": {"name": "analytics-python", "version": "2.4.0"},
                },
            }
        )

    # Bodies are made beforehand and given new ids, so that the generator leaves the cores alone.
    body = (
        event() if size == 1 else json.dumps({"batch": [json.loads(event()) for _ in range(size)]})
    )
    pieces = body.split("message-")
    gaps = [piece[36:] for piece in pieces[1:]]

    def request() -> bytes:
        start, n = uuid4().hex[:24], 0
        parts = [pieces[0]]
        for n, gap in enumerate(gaps):
            parts.append(f"message-{start}{n:012d}{gap}")
        made = "".join(parts).encode()
        return head.encode() + b"Content-Length: %d\r\n\r\n" % len(made) + made

    return request


@contextlib.contextmanager
def _served(application: str, yardstick: str) -> Iterator[int]:
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--no-ws",
            "--port",
            str(port),
            application,
        ],
        cwd=CHECKOUT,
        env={**os.environ, "YARDSTICK": yardstick, "PYTHONPATH": _PATH},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)


if __name__ == "__main__":
    main()
