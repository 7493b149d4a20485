"""The whole way of an event: sent to the collector, scored by a worker, on both databases."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.project.serving import Service, a_service

PUBLISHING = """
from datetime import UTC, datetime
from passerelle.apps.capture.actions import create_source
from passerelle.apps.scoring.actions import publish
now = datetime.now(UTC)
publish(open({agreement!r}).read(), None, now=now)
print(create_source("Site", by=None, now=now).keys.get().key)
"""
STAGE = """
from passerelle.apps.scoring.models import Score
print([(str(s.total), s.stage) for s in Score.objects.filter(lead__email={email!r})])
"""
ROWS = """
from passerelle.apps.capture.models import Event
print(Event.objects.count())
"""
AGREEMENT = """\
passerelle: 1
key: trial
dimensions:
  engagement: {range: [0, 100], weight: 1}
rules:
  - {key: pricing, dimension: engagement, event: page, where: {path: /pricing*}, points: 60}
total: {weighted: [engagement], range: [0, 100]}
stages:
  contact: {label: Contact}
  mql: {label: MQL, when: {total: ">=50"}, falls_below: 40}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, require: Callable[[str], str]) -> Iterator[str]:
    """The URL of an empty database; for SQLite none, the service makes its own."""
    if request.param == "sqlite":
        yield ""
        return
    server = require("postgresql")
    name = f"passerelle_serve_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_event_that_is_sent_moves_its_lead(tmp_path: Path, database: str) -> None:
    with a_service(tmp_path / "home", PASSERELLE_DATABASE_URL=database) as service:
        key = _published(service, tmp_path)

        sent = service.post("/v1/batch", {"writeKey": key, "batch": _visit("ann@north.example")})

        assert sent.status == 200
        said = _until_said(service, STAGE.format(email="ann@north.example"), "mql")
        assert said == "[('60.000000', 'mql')]"


def test_a_message_sent_twice_stands_once_in_the_log(tmp_path: Path, database: str) -> None:
    with a_service(tmp_path / "home", PASSERELLE_DATABASE_URL=database) as service:
        key = _published(service, tmp_path)
        batch = {"writeKey": key, "batch": _visit("bob@south.example")}

        first, again = service.post("/v1/batch", batch), service.post("/v1/batch", batch)

        assert (first.status, again.status) == (200, 200)
        assert _until_said(service, ROWS, "2") == "2"
        _until_said(service, STAGE.format(email="bob@south.example"), "mql")
        assert service.django(ROWS) == "2"


def _published(service: Service, folder: Path) -> str:
    agreement = folder / "trial.yaml"
    agreement.write_text(AGREEMENT, "utf-8")
    return service.django(PUBLISHING.format(agreement=str(agreement)))


def _visit(email: str) -> list[dict[str, object]]:
    device = f"browser of {email}"
    return [
        {
            "type": "identify", "messageId": f"{email}-1", "anonymousId": device, "userId": email,
            "traits": {"email": email},
        },
        {
            "type": "page", "messageId": f"{email}-2", "anonymousId": device, "userId": email,
            "properties": {"path": "/pricing"},
        },
    ]  # fmt: skip


def _until_said(service: Service, code: str, wanted: str) -> str:
    deadline = time.monotonic() + 60
    while wanted not in (said := service.django(code)):
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    return said
