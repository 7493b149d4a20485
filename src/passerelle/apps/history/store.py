"""Where the files stand: a folder, or anything fsspec knows by a URL."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import fsspec
from django.conf import settings

_PARTIAL = ".partial"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """What was put into the store."""

    path: str
    bytes: int
    digest: str


class Store:
    """The folder of the history, whatever holds it; paths are relative to it."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = fsspec.core.url_to_fs(url)
        self._local = "file" in _protocols(self._fs)

    def write(self, path: str, fill: Callable[[str], object]) -> Written:
        """Have a local file filled, then put it at `path`, whole and durable or not at all."""
        with tempfile.TemporaryDirectory(dir=self._workshop()) as folder:
            made = Path(folder, "made.parquet")
            fill(str(made))
            written = Written(path, made.stat().st_size, _digest_of(made))
            self.keep(made, path)
        return written

    def take(self, made: Path, path: str) -> None:
        """Put a copy of a local file at `path`, whole and durable or not at all."""
        with tempfile.TemporaryDirectory(dir=self._workshop()) as folder:
            self.keep(Path(shutil.copyfile(made, Path(folder, "made.parquet"))), path)

    def keep(self, made: Path, path: str) -> None:
        """Put a finished local file at `path`; in a folder it is moved there."""
        target = self._at(path)
        self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
        if not self._local:
            self._fs.put_file(str(made), target)
            return
        _sync(made)
        os.replace(made, target)  # noqa: PTH105  # the target is fsspec's text
        _sync(Path(target).parent)

    def read(self, path: str) -> Any:
        """The file, open for reading bytes."""
        return self._fs.open(self._at(path), "rb")

    def digest(self, path: str) -> str:
        """The SHA-256 of what stands there.

        Raises:
            FileNotFoundError: nothing does.
        """
        found = hashlib.sha256()
        with self.read(path) as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
        return found.hexdigest()

    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        with suppress(FileNotFoundError):
            self._fs.rm_file(self._at(path))

    def listed(self) -> Iterator[tuple[str, datetime | None]]:
        """Every Parquet file with the time it was last changed, where the store tells that."""
        self._fs.invalidate_cache()
        found = self._fs.find(self._root, detail=True) if self._fs.exists(self._root) else {}
        for name, about in found.items():
            if name.endswith(".parquet") and f"/{_PARTIAL}/" not in name:
                yield name[len(self._root) :].strip("/"), _changed_at(about)

    def places(self, paths: list[str], *, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """What DuckDB calls those files; it is taught to read the store where it cannot."""
        if self._local:
            return [self._at(path) for path in paths]
        protocol = _protocols(self._fs)[0]
        if not connection.filesystem_is_registered(protocol):
            connection.register_filesystem(self._fs)
        return [f"{protocol}://{self._at(path)}" for path in paths]

    def _at(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}"

    def _workshop(self) -> str | None:
        """A folder beside the files, so that a finished one is moved and not copied."""
        if not self._local:
            return None
        folder = Path(self._root, _PARTIAL)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return str(folder)


def store() -> Store:
    """The store of this installation."""
    return Store(settings.HISTORY_URL)


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _changed_at(about: dict[str, Any]) -> datetime | None:
    for name in ("mtime", "LastModified", "last_modified", "updated", "created"):
        match about.get(name):
            case datetime() as at:
                return at if at.tzinfo else at.replace(tzinfo=UTC)
            case int() | float() as seconds:
                return datetime.fromtimestamp(seconds, UTC)
    return None
