"""From a POST to the stage that it changes: how long, at a steady rate of events.

Starts the whole service (`passerelle serve`), sends RATE events a second for SECONDS beside it, and
among them, a few times a second, a lead that nobody knew, whose page of prices makes it an MQL.
Measured is the time from sending it to its stage standing in the database. The yardstick of the
same run: the time in which the collector answers the same POST, without anything behind it.

    python benchmarks/serving.py --rate 1000 --seconds 300 --database postgresql://127.0.0.1/postgres
"""

import argparse
import http.client
import json
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.faults.truth import PUBLISH
from tests.project.serving import Service, a_service

AGREEMENT = """\
passerelle: 1
key: serving
dimensions:
  engagement: {range: [0, 1000], weight: 1}
rules:
  - {key: pricing, dimension: engagement, event: page, where: {path: /pricing*}, points: 60}
  - {key: blog, dimension: engagement, event: page, where: {path: /blog*}, points: 0.01}
total: {weighted: [engagement], range: [0, 1000]}
stages:
  contact: {label: Contact}
  mql: {label: MQL, when: {total: ">=50"}, falls_below: 40}
"""
BATCH = 20
KNOWN = 2_000
STAGE = (
    "SELECT count(*) FROM scoring_score s JOIN people_lead l ON l.id = s.lead_id "
    "WHERE l.email = {} AND s.stage = 'mql'"
)


def main() -> None:
    """Measure, and print what came out."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            _database(options.database) as url,
            a_service(
                folder / "home", PASSERELLE_DATABASE_URL=url, PASSERELLE_EVENTS_PER_SECOND="1000000"
            ) as service,
        ):
            agreement = folder / "serving.yaml"
            agreement.write_text(AGREEMENT, "utf-8")
            key = service.django(PUBLISH.format(agreement=str(agreement)))
            _measure(service, key, options.rate, options.seconds, _asker(service, url))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--database", default="", help="a PostgreSQL server; none: SQLite")
    return parser.parse_args()


class _database:  # noqa: N801  # a context manager, used as a function
    """A database of its own on that server."""

    def __init__(self, server: str) -> None:
        self._server, self._name = server, f"passerelle_serving_{uuid.uuid4().hex[:8]}"

    def __enter__(self) -> str:
        if not self._server:
            return ""
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self._name}")
        return f"{self._server.rpartition('/')[0]}/{self._name}"

    def __exit__(self, *_: object) -> None:
        if self._server:
            with psycopg.connect(self._server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {self._name} WITH (FORCE)")


def _asker(service: Service, url: str) -> Callable[[str], bool]:
    if url:
        server = psycopg.connect(url, autocommit=True)
        return lambda email: server.execute(STAGE.format("%s"), [email]).fetchone() == (1,)
    file = sqlite3.connect(
        f"file:{service.folder / 'passerelle.db'}?mode=ro", uri=True, check_same_thread=False
    )
    return lambda email: file.execute(STAGE.format("?"), [email]).fetchone() == (1,)


def _measure(
    service: Service, key: str, rate: int, seconds: int, has_risen: Callable[[str], bool]
) -> None:
    ending, sent = threading.Event(), [0]
    load = threading.Thread(target=_load, args=(service.port, key, rate, ending, sent))
    load.start()
    began = time.monotonic()
    answered: list[float] = []
    visible: list[float] = []
    while time.monotonic() - began < seconds:
        email = f"{uuid.uuid4().hex}@probe.example"
        start = time.perf_counter()
        status = _post(_connection(service.port), key, _probe(email))
        answered.append(time.perf_counter() - start)
        assert status == 200, status
        while not has_risen(email):
            if time.perf_counter() - start > 60:
                break
            time.sleep(0.005)
        visible.append(time.perf_counter() - start)
        time.sleep(0.2)
    took = time.monotonic() - began
    ending.set()
    load.join()
    _tell(rate, sent[0] / took, answered, visible)


def _load(port: int, key: str, rate: int, ending: threading.Event, sent: list[int]) -> None:
    connection = _connection(port)
    began = time.monotonic()
    number = 0
    while not ending.is_set():
        batch = [
            _page(f"known{(number + n) % KNOWN}@load.example", "/blog/x") for n in range(BATCH)
        ]
        if _post(connection, key, batch) == 200:
            sent[0] += BATCH
        number += BATCH
        ending.wait(max(0.0, began + number / rate - time.monotonic()))


def _probe(email: str) -> list[dict[str, object]]:
    introduction = {**_page(email, ""), "type": "identify", "traits": {"email": email}}
    return [introduction, _page(email, "/pricing")]


def _page(email: str, path: str) -> dict[str, object]:
    return {
        "type": "page", "messageId": uuid.uuid4().hex, "userId": email,
        "anonymousId": f"browser-{email}", "properties": {"path": path},
    }  # fmt: skip


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def _post(connection: http.client.HTTPConnection, key: str, batch: object) -> int:
    body = json.dumps({"writeKey": key, "batch": batch})
    connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _tell(rate: int, reached: float, answered: list[float], visible: list[float]) -> None:
    def p95(values: list[float]) -> float:
        return statistics.quantiles(values, n=20)[18] * 1000

    print(f"asked for {rate} events/s, sent {reached:,.0f}; {len(visible)} probes")
    print(
        f"  answered: p50 {statistics.median(answered) * 1000:7.1f} ms, p95 {p95(answered):7.1f} ms"
    )
    print(
        f"  visible:  p50 {statistics.median(visible) * 1000:7.1f} ms, p95 {p95(visible):7.1f} ms"
    )
    print(f"  p95 visible / p95 answered: {p95(visible) / p95(answered):.1f}")


if __name__ == "__main__":
    main()
