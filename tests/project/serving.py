"""The real service as a process of its own, on the loopback, and what a test asks of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.outside import CHECKOUT

PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.body)
        return told


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its process, where it answers, where its data are."""

    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path
    log: Path
    environment: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Reply:
        """The answer to a GET, whatever its status."""
        return self.ask(urllib.request.Request(self.address + path, headers=headers))

    def post(self, path: str, body: object, **headers: str) -> Reply:
        """The answer to a POST of JSON."""
        data = json.dumps(body).encode()
        told = {"Content-Type": "application/json", **headers}
        return self.ask(urllib.request.Request(self.address + path, data=data, headers=told))

    def ask(self, request: urllib.request.Request) -> Reply:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return Reply(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as refused:
            return Reply(refused.code, refused.read(), dict(refused.headers))

    def lines(self) -> list[dict[str, object]]:
        """What was logged, a line a time; sentences for people are passed over."""
        told = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in told if line.startswith("{")]

    def pids(self) -> dict[str, int]:
        """The latest process of each role."""
        began = [line for line in self.lines() if line["event"] == "a process begins"]
        return {str(line["role"]): int(str(line["pid"])) for line in began}

    def django(self, code: str) -> str:
        """What some lines print, run in this installation."""
        whole = f"import django; django.setup()\n{code}"
        ended = subprocess.run(
            [sys.executable, "-c", whole],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "passerelle.project.settings"},
            capture_output=True, text=True, check=True, timeout=PATIENCE,
        )  # fmt: skip
        return ended.stdout.strip()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; the number it ended with."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def an_environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of an installation in `folder`, apart from that of the tests."""
    kept = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    return {
        **kept,
        "PYTHONPATH": str(CHECKOUT / "src"),
        "PASSERELLE_CONFIG": str(folder / "none.toml"),
        "PASSERELLE_DATA": str(folder),
        "PASSERELLE_PORT": str(port),
        "PASSERELLE_LANGUAGE": "en",
        "PASSERELLE_LOG_FORMAT": "json",
        **more,
    }


def a_free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def a_service(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """A service that answers; it is ended when the block is left, whatever happened."""
    with started(folder, *arguments, **settings) as service:
        until(lambda: service.get("/health/ready").status == 200, service.process)
        yield service


@contextmanager
def started(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """`passerelle serve`, or another command, just started."""
    port = int(settings.pop("PASSERELLE_PORT", a_free_port()))
    environment = an_environment(folder, port, **settings)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log.jsonl"
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "passerelle.project.main", *(arguments or ("serve",))],
            env=environment, stdout=stream, stderr=stream,
        )  # fmt: skip
    try:
        yield Service(process, port, folder, log, environment)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(
    happened: Callable[[], bool],
    process: "subprocess.Popen[bytes] | None" = None,
    *,
    within: float = PATIENCE,
) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if happened():
                return
        except OSError:
            pass
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the service ended with {process.returncode}")
        time.sleep(0.05)
    raise AssertionError(f"it did not happen within {within} seconds")


def is_running(pid: int) -> bool:
    """Whether a process lives; one that is dead and not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return False
    return state != "Z"


def _is_ours(name: str) -> bool:
    return name.startswith("PASSERELLE_") or name in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
