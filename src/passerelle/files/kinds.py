"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa

from passerelle.files.problems import FileProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = 1 << 18
CHUNK = 1 << 22
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
BAD_MAGIC: tuple[tuple[bytes, Problem], ...] = (
    (b"\xd0\xcf\x11\xe0", Problem.SPREADSHEET),
    (b"7z\xbc\xaf\x27\x1c", Problem.OTHER_COMPRESSION),
    (b"BZh", Problem.OTHER_COMPRESSION),
    (b"\xfd7zXZ", Problem.OTHER_COMPRESSION),
    (b"Rar!", Problem.OTHER_COMPRESSION),
    (b"%PDF", Problem.BINARY),
    (b"\x89PNG", Problem.BINARY),
)


class Format(StrEnum):
    """How rows stand in a file."""

    CSV = "csv"
    JSON_LINES = "json_lines"
    JSON_ARRAY = "json_array"
    PARQUET = "parquet"


class Compression(StrEnum):
    """How a text file is packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is, and its first bytes once unpacked."""

    format: Format
    compression: Compression
    head: bytes


def recognise(path: Path) -> Kind:
    """Tell what `path` is by its first bytes.

    Raises:
        FileProblem: a spreadsheet, an archive, a web page, or not text at all.
    """
    with path.open("rb") as file:
        magic = file.read(4096)
    if magic.startswith(b"PAR1"):
        return Kind(Format.PARQUET, Compression.NONE, b"")
    compression = Compression.NONE
    if magic.startswith(b"\x1f\x8b"):
        compression = Compression.GZIP
    elif magic.startswith(b"\x28\xb5\x2f\xfd"):
        compression = Compression.ZSTD
    head = next(unpacked(path, compression, size=HEAD), b"")
    if not head.strip():
        raise FileProblem(Problem.EMPTY, path=str(path))
    _require_text(path, head)
    return Kind(_format(path, head), compression, head)


def unpacked(path: Path, compression: Compression, *, size: int = CHUNK) -> Iterator[bytes]:
    """The bytes of a text file, unpacked, in chunks of `size`.

    Raises:
        FileProblem: the packed file is damaged or cut short.
    """
    try:
        with _open(path, compression) as file:
            while chunk := file.read(size):
                yield chunk
    except (EOFError, zlib.error, OSError) as fault:
        raise FileProblem(Problem.DAMAGED_ARCHIVE, path=str(path)) from fault


def _open(path: Path, compression: Compression) -> IO[bytes]:
    match compression:
        case Compression.NONE:
            return path.open("rb")
        case Compression.GZIP:
            return cast("IO[bytes]", gzip.open(path, "rb"))
        case Compression.ZSTD:
            return cast("IO[bytes]", pa.input_stream(str(path), compression="zstd"))


def _require_text(path: Path, head: bytes) -> None:
    if head.startswith(b"PK\x03\x04"):
        sheet = any(mark in head for mark in (b"xl/", b"[Content_Types].xml", b"opendocument"))
        raise FileProblem(Problem.SPREADSHEET if sheet else Problem.ARCHIVE, path=str(path))
    for magic, problem in BAD_MAGIC:
        if head.startswith(magic):
            raise FileProblem(problem, path=str(path))
    start = head[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise FileProblem(Problem.WEB_PAGE, path=str(path))
    if b"\0" in head and not head.startswith(UTF_16_MARKS) and not looks_utf_16(head):
        raise FileProblem(Problem.BINARY, path=str(path))


def looks_utf_16(head: bytes) -> str | None:
    """The UTF-16 without a mark that `head` looks like: every other byte of it is zero."""
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def _format(path: Path, head: bytes) -> Format:
    start = head[:4000].translate(None, b"\0\xff\xfe\xef\xbb\xbf").lstrip()
    named = any(suffix.lower() in {".jsonl", ".ndjson", ".json"} for suffix in path.suffixes)
    if start.startswith(b"[") and (named or start[1:].lstrip()[:1] in {b"{", b"]"}):
        return Format.JSON_ARRAY
    if named or start.startswith(b'{"'):
        return Format.JSON_LINES
    return Format.CSV
