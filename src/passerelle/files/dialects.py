"""The delimiter and the header of a CSV file, found in its first lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.kinds import HEAD
from passerelle.files.problems import FileProblem, Problem

if TYPE_CHECKING:
    from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 500
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?|\d{1,2}/\d{1,2}/\d{4}( .*)?")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to read a CSV file.

    Attributes:
        delimiter: between cells.
        skip: lines up to and including the header.
        skip_records: the same in records, which may have line feeds in quotation marks.
        columns: the header's names, made distinct.
    """

    delimiter: str
    skip: int
    skip_records: int
    columns: tuple[str, ...]


def find_dialect(path: Path, head: str, *, delimiter: str | None = None) -> Dialect:
    """Find how `path` is written from its first lines.

    A `sep=;` line and title lines above the header are skipped.

    Raises:
        FileProblem: the first line is data, not names of columns.
    """
    text, offset = head, 0
    if said := re.match(r"sep=(.)\s*\n", head, re.IGNORECASE):
        delimiter = delimiter or said[1]
        text, offset = head[said.end() :], 1
    chosen = delimiter or max(DELIMITERS, key=lambda candidate: _fit(text, candidate))
    records = _records(text, chosen)
    widths = Counter(_filled(record) for _, _, record in records if _filled(record) > 1)
    width = widths.most_common(1)[0][0] if widths else 1
    least = max(2, round(0.6 * width)) if width > 1 else 1
    chosen_at = next((at for at, found in enumerate(records) if _filled(found[2]) >= least), 0)
    line, number, header = records[chosen_at]
    _require_names(path, line + offset, header)
    longest = max((len(record) for _, _, record in records[chosen_at + 1 :]), default=len(header))
    header = header[: max(longest, _filled(header))]
    return Dialect(chosen, line + offset, number + offset, distinct(header))


def distinct(names: list[str]) -> tuple[str, ...]:
    """The names, trimmed, each different from the others without regard to case."""
    seen: set[str] = set()
    found = []
    for position, name in enumerate(names, start=1):
        base = name.strip("\ufeff \t\r\n\u00a0") or f"column {position}"
        candidate, turn = base, 2
        while candidate.lower() in seen:
            candidate, turn = f"{base} ({turn})", turn + 1
        seen.add(candidate.lower())
        found.append(candidate)
    return tuple(found)


def _fit(text: str, delimiter: str) -> tuple[bool, float]:
    widths = [_filled(record) for _, _, record in _records(text, delimiter)]
    width, times = Counter(widths).most_common(1)[0]
    share = times / len(widths)
    return share >= 0.8 and width > 1, width * share if width > 1 else 0.0


def _records(text: str, delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Each record of the sample with its last line and its number; empty ones are left out."""
    whole = len(text) < HEAD // 2
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    records = []
    try:
        for number, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                records.append((reader.line_num, number, record))
            if len(records) == LOOKED_AT:
                break
    except csv.Error:
        whole = False
    if len(records) > 1 and len(records) < LOOKED_AT and not whole:
        records.pop()
    return records or [(1, 1, [text.split("\n", 1)[0]])]


def _filled(record: list[str]) -> int:
    """The width of a record without the empty cells at its end."""
    return max((at for at, cell in enumerate(record, start=1) if cell.strip()), default=0)


def _require_names(path: Path, line: int, header: list[str]) -> None:
    cells = [cell.strip() for cell in header if cell.strip()]
    data = [cell for cell in cells if EMAIL.fullmatch(cell) or DATE.fullmatch(cell)]
    numbers = [cell for cell in cells if NUMBER.fullmatch(cell)]
    if data or len(numbers) * 2 > len(cells):
        raise FileProblem(Problem.NO_HEADER, path=str(path), line=line, cell=(data or numbers)[0])
