"""A collector in a process of its own, on the database of the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from passerelle.apps.capture.models import Event
from passerelle.apps.capture.worker import work
from tests.outside import CHECKOUT


class RunningCollector:
    """Granian with the collector; it comes back at the same address when started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        options = ["--interface", "asgi", "--no-ws", "--host", "127.0.0.1"]
        options += ["--port", str(self._port), "passerelle.project.collector:application"]
        with (self._folder / "collector.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "granian", *options],
                env=_environment(self._folder),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def stop(self) -> None:
        """As a person stops it: what is under way is finished."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def said(self) -> str:
        """Its log."""
        return (self._folder / "collector.log").read_text("utf-8", "replace")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 1):
                return True
        except OSError:
            return False


@contextmanager
def a_running_collector(folder: Path) -> Iterator[RunningCollector]:
    """A collector that is stopped at the end, whatever happened."""
    collector = RunningCollector(folder)
    collector.start()
    try:
        yield collector
    finally:
        collector.stop()


def unpacked(enough: Callable[[list[Event]], object]) -> list[Event]:
    """The log once it holds enough, in the order of the events' own times.

    Waits a minute: clients that were turned away take their time before they try again.
    """
    end = time.monotonic() + 60
    while True:
        while work(datetime.now(UTC)):
            pass
        found = list(Event.objects.select_related("subject", "device").order_by("occurred_at"))
        if enough(found):
            return found
        assert time.monotonic() < end, [(event.kind, event.name) for event in found]
        time.sleep(0.1)


def _environment(folder: Path) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        parts = connection.settings_dict
        user = f"{parts['USER']}@" if parts["USER"] else ""
        database = f"postgresql://{user}{parts['HOST']}:{parts['PORT'] or 5432}/{name}"
    else:
        database = f"sqlite:///{name}"
    return {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT / "src"),
        "DJANGO_SETTINGS_MODULE": "passerelle.project.settings",
        "PASSERELLE_DATA": str(folder),
        "DATABASE_URL": database,
    }
