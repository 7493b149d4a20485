"""Text of any usual encoding made into what DuckDB reads best: UTF-8 with plain line feeds."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.kinds import Compression, Kind, looks_utf_16, unpacked
from passerelle.files.problems import FileProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MIXED = "utf-8+windows-1252"


def _from_windows(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeDecodeError)
    stray = fault.object[fault.start : fault.end]
    return stray.decode("cp1252", "ignore") or stray.decode("latin-1"), fault.end


codecs.register_error("passerelle-windows", _from_windows)


@dataclass(frozen=True, slots=True)
class Text:
    """A text file that DuckDB can read: the user's own, or a UTF-8 copy of it.

    Attributes:
        path: the file to read.
        encoding: what the user's file was written in.
        line_feeds: how many there are, quoted ones included.
    """

    path: Path
    encoding: str
    line_feeds: int


def prepare_text(path: Path, *, kind: Kind, room: Path, encoding: str | None = None) -> Text:
    """Make `path` readable for DuckDB, with a copy in `room` only where one is needed.

    Raises:
        FileProblem: the encoding that the mapping names does not fit the file.
    """
    known = encoding or _marked(kind.head)
    if known is None or known == "utf-8":
        found, line_feeds = _survey(path, kind.compression, known)
        if found == "utf-8" and line_feeds is not None:
            return Text(path, found, line_feeds)
        known = found
    copy = room / f"{len(list(room.iterdir()))}.txt"
    return Text(copy, known, _rewrite(path, kind.compression, known, copy))


def _marked(head: bytes) -> str | None:
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    return looks_utf_16(head)


def _survey(path: Path, compression: Compression, known: str | None) -> tuple[str, int | None]:
    """The encoding, and the number of line feeds if nothing has to be rewritten."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line_feeds, returns, valid = 0, False, 0
    for chunk in unpacked(path, compression):
        line_feeds += chunk.count(b"\n")
        returns = returns or b"\r" in chunk
        try:
            text = decoder.decode(chunk)
            valid += len(chunk) - len(text)
        except UnicodeDecodeError as fault:
            if known:
                raise FileProblem(Problem.WRONG_ENCODING, path=str(path), encoding=known) from fault
            return _windows_or_mixed(chunk, valid), None
    return "utf-8", None if returns else line_feeds


def _windows_or_mixed(chunk: bytes, valid: int) -> str:
    text = chunk.decode("utf-8", "replace")
    strays = text.count("\ufffd")
    fitting = valid + sum(character > "\x7f" for character in text) - strays
    return MIXED if fitting > strays else "cp1252"


def _rewrite(path: Path, compression: Compression, encoding: str, copy: Path) -> int:
    line_feeds = 0
    try:
        with copy.open("wb") as file:
            for text in _plain_lines(_decoded(path, compression, encoding)):
                file.write(text.encode("utf-8", "replace"))
                line_feeds += text.count("\n")
    except UnicodeError as fault:
        raise FileProblem(Problem.WRONG_ENCODING, path=str(path), encoding=encoding) from fault
    return line_feeds


def _decoded(path: Path, compression: Compression, encoding: str) -> Iterator[str]:
    name, errors = ("utf-8", "passerelle-windows") if encoding == MIXED else (encoding, "strict")
    if encoding == "cp1252":
        errors = "passerelle-windows"
    decoder = codecs.getincrementaldecoder(name)(errors)
    for chunk in unpacked(path, compression):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _plain_lines(texts: Iterator[str]) -> Iterator[str]:
    """Line ends of Windows and of old Macs made line feeds; a stray return is a space."""
    held, feeds = "", None
    for text in texts:
        whole = held + text
        held = whole[len(whole.rstrip("\r")) :]
        whole = whole[: len(whole) - len(held)]
        if feeds is None and ("\n" in whole or "\r" in whole):
            feeds = "\n" in whole
        if "\r" in whole:
            whole = re.sub("\r+\n", "\n", whole) if feeds else whole.replace("\r\n", "\n")
            whole = whole.replace("\r", " " if feeds else "\n")
        yield whole.replace("\0", "")
    yield "\n" if held and not feeds else ""
