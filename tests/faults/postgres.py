"""A PostgreSQL of a test's own, which it may kill."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.project.serving import a_free_port


@dataclass(slots=True)
class OwnPostgres:
    """The server: where its programs and data are, and its process while it runs."""

    bin: Path
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgresql://tests@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers; after a kill that takes a recovery."""
        options = ["-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), *options, "-c", "listen_addresses=127.0.0.1"],
                stdout=log, stderr=log, user=_ids()[0], group=_ids()[1],
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL did not come back"
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """Kill the server and all its processes at once, as a power cut does."""
        assert self.process is not None
        pids = [self.process.pid, *_children(self.process.pid)]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


@contextmanager
def an_own_postgres(bin_folder: Path) -> Iterator[OwnPostgres]:
    """A fresh server, gone when the block is left."""
    with tempfile.TemporaryDirectory(prefix="passerelle-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, user=_SOMEBODY)
        subprocess.run(
            [str(bin_folder / "initdb"), "-D", str(folder / "data"), "-U", "tests", "-A", "trust"],
            check=True, capture_output=True, cwd=folder, user=_ids()[0], group=_ids()[1],
        )  # fmt: skip
        server = OwnPostgres(bin_folder, folder, a_free_port())
        server.start()
        try:
            yield server
        finally:
            server.kill()


_SOMEBODY = "nobody"


def _ids() -> tuple[int, int] | tuple[None, None]:
    """PostgreSQL refuses to run as root; a test that is root runs it as somebody."""
    if os.geteuid() != 0:
        return None, None
    who = pwd.getpwnam(_SOMEBODY)
    return who.pw_uid, who.pw_gid


def _children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(folder.name))
    return found
