"""A full disk and a read-only database: clear answers, nothing acknowledged is lost."""

import json
import resource
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.load import a_call
from tests.faults.truth import AGREEMENT, PUBLISH
from tests.project.serving import Reply, Service, a_service, until

NAMES = """
import json
from passerelle.apps.capture.models import Event
print(json.dumps(sorted(Event.objects.exclude(source=None).values_list("message_id", flat=True))))
"""


@pytest.fixture
def database(require: Callable[[str], str]) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    server = require("postgresql")
    name = f"passerelle_faults_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_full_disk_refuses_events_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with a_service(tmp_path / "home") as service:
        key = _published(service, tmp_path)
        before = _send(service, key, "before")
        web = service.pids()["web-1"]

        resource.prlimit(web, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        full = [_send(service, key, f"full{n}") for n in range(3)]
        resource.prlimit(web, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        after = _until_taken(service, key, "after")

        assert (before.status, after.status) == (200, 200)
        assert {reply.status for reply in full} <= {500, 503}
        assert {"code", "message"} <= full[0].json().keys()
        _until_in_log(service, {"before", "after"})


def test_a_database_that_cannot_be_written_refuses_events_and_recovers(
    tmp_path: Path, database: str
) -> None:
    with a_service(tmp_path / "home", PASSERELLE_DATABASE_URL=database) as service:
        key = _published(service, tmp_path)
        before = _send(service, key, "before")

        _set_read_only(database, "on")
        closed = [_send(service, key, f"closed{n}") for n in range(3)]
        page = service.get("/health/live")
        _set_read_only(database, "off")
        after = _until_taken(service, key, "after")

        assert (before.status, page.status, after.status) == (200, 200, 200)
        assert {reply.status for reply in closed} <= {500, 503}
        _until_in_log(service, {"before", "after"})


def _published(service: Service, folder: Path) -> str:
    agreement = folder / "faults.yaml"
    agreement.write_text(AGREEMENT, "utf-8")
    return service.django(PUBLISH.format(agreement=str(agreement)))


def _send(service: Service, key: str, name: str) -> Reply:
    return service.post("/v1/batch", {"writeKey": key, "batch": [a_call(name, 1)]})


def _until_taken(service: Service, key: str, name: str) -> Reply:
    """Send it again and again, as clients do."""
    until(lambda: _send(service, key, name).status == 200)
    return _send(service, key, name)


def _until_in_log(service: Service, wanted: set[str]) -> None:
    """What was acknowledged stands in the log, once."""
    deadline = time.monotonic() + 120
    names: list[str] = []
    while time.monotonic() < deadline:
        names = json.loads(service.django(NAMES))
        if wanted <= set(names):
            assert len(names) == len(set(names))
            return
        time.sleep(0.5)
    raise AssertionError(names)


def _set_read_only(url: str, state: str) -> None:
    """As a stand-by is, or a server whose disk was made so."""
    name = urllib.parse.urlsplit(url).path.lstrip("/")
    with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {state}")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
