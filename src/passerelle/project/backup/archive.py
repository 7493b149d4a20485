"""The file of a backup: members with checksums, and a manifest that is written last."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from passerelle.project.failures import Refused

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class ArchiveWriter:
    """A backup being written; `room` is a folder for files on their way into it."""

    tar: tarfile.TarFile
    room: Path
    members: dict[str, dict[str, Any]]

    def add(self, name: str, made: Path) -> str:
        """Take a file in and remove it; its SHA-256."""
        with made.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.tar.add(made, arcname=name, filter=_plain)
        self.members[name] = {"bytes": made.stat().st_size, "sha256": digest}
        made.unlink()
        return digest


@contextmanager
def writing_archive(path: Path, about: dict[str, Any]) -> Iterator[ArchiveWriter]:
    """A backup that stands at `path` once the block is left well, and not at all otherwise.

    `about` goes into the manifest; the block may still add to it. Only its owner can read it.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".passerelle-") as room:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    writer = ArchiveWriter(tar, Path(room), {})
                    yield writer
                    _add_manifest(tar, about | {"format": FORMAT, "members": writer.members})
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is whole, as far as its manifest goes; see `verify` for the rest."""

    tar: tarfile.TarFile
    manifest: Mapping[str, Any]

    @property
    def members(self) -> Mapping[str, Mapping[str, Any]]:
        """What it holds, by name."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["members"]
        return found

    def open(self, name: str) -> IO[bytes]:
        """A member, to be read."""
        found = self.tar.extractfile(name)
        assert found is not None, name
        return found

    def extract(self, name: str, to: Path) -> Path:
        """Write a member into a file that its owner alone can read."""
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, self.open(name) as member:
            shutil.copyfileobj(member, file, _CHUNK)
        return to

    def verify(self, on_progress: Callable[[int, int], None]) -> None:
        """Read everything.

        Raises:
            Refused: a member is missing, or not what was written.
        """
        for number, (name, about) in enumerate(self.members.items(), start=1):
            try:
                with self.open(name) as member:
                    digest = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]  # it reads as a file does
            except (KeyError, tarfile.TarError, OSError) as fault:
                raise Refused("history.backup.damaged", member=name) from fault
            if digest != about["sha256"]:
                raise Refused("history.backup.damaged", member=name)
            on_progress(number, len(self.members))


@contextmanager
def reading_archive(path: Path) -> Iterator[Archive]:
    """The backup at `path`.

    Raises:
        Refused: there is none, it was not finished, or a later version made it.
    """
    try:
        opened = tarfile.open(path, mode="r:")  # noqa: SIM115  # closed below
    except FileNotFoundError as fault:
        raise Refused("history.backup.not_found", path=str(path)) from fault
    except (tarfile.TarError, OSError) as fault:
        raise Refused("history.backup.not_a_backup", path=str(path)) from fault
    with opened as tar:
        yield Archive(tar, _manifest_of(tar, path))


def _manifest_of(tar: tarfile.TarFile, path: Path) -> Mapping[str, Any]:
    try:
        member = tar.extractfile(MANIFEST)
        manifest = json.loads(member.read(_LARGEST_MANIFEST)) if member else None
    except (KeyError, ValueError, tarfile.TarError) as fault:
        raise Refused("history.backup.not_a_backup", path=str(path)) from fault
    if not isinstance(manifest, dict) or not isinstance(manifest.get("members"), dict):
        raise Refused("history.backup.not_a_backup", path=str(path))
    if manifest.get("format") != FORMAT:
        raise Refused("history.backup.newer", version=str(manifest.get("version", "?")))
    return manifest


def _add_manifest(tar: tarfile.TarFile, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size, member.mode = len(text), 0o600
    tar.addfile(member, io.BytesIO(text))


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member without the names of this machine's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
