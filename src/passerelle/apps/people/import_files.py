"""Files of prospects read: their columns guessed, their rows judged one by one."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from passerelle.apps.people.impossible import CannotBeDone, Impossible
from passerelle.apps.people.prospects import LONGEST_VALUE, is_address
from passerelle.core.conditions import number_of
from passerelle.core.identity import Subject
from passerelle.core.identity_junk import is_junk
from passerelle.files.guessing import guess_leads
from passerelle.files.kinds import Compression, Format
from passerelle.files.mapping import Mapping as FileMapping
from passerelle.files.problems import FileProblem
from passerelle.files.sources import Source, open_sources
from passerelle.files.synonyms import LEAD_KEYS, plain
from passerelle.words import Language

LARGEST_FILE = 20_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 100
EXAMPLES = 5
USER_ID = "user_id"
FIELDS = (
    "email", USER_ID, "name", "first_name", "last_name", "job_title", "phone", "company",
    "website", "employees", "industry", "country", "region", "city", "source", "campaign",
    "seniority", "department", "budget", "ad_spend", "tools", "need", "timing",
)  # fmt: skip
"""What a column may be; any other is kept under its own name."""
NUMBERS = frozenset({"employees", "budget", "ad_spend"})


class RowReason(StrEnum):
    """Why a row or a cell is not taken as it is; `people.row.<code>` says it."""

    NO_NAME = "no_name"
    BAD_EMAIL = "bad_email"
    JUNK = "junk"
    REPEATED = "repeated"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_LONG = "too_long"
    BAD_NUMBER = "bad_number"

    @property
    def drops_row(self) -> bool:
        """Whether the whole row is left out, and not a cell alone."""
        return self is not RowReason.BAD_NUMBER


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, with some of its cells and what it seems to be."""

    name: str
    cells: Sequence[str]
    guess: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A row or cell that is not taken as it is; lines count from 1, the header's among them."""

    line: int
    column: str
    value: str
    reason: RowReason


@dataclass(slots=True)
class Read:
    """What became of a file's rows: each sound one its line and its fields."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0


class Unreadable(Exception):
    """A file cannot be right; `says` tells what to do."""

    def __init__(self, problem: FileProblem, name: str, path: str) -> None:
        super().__init__(problem.code)
        self._problem, self._name, self._path = problem, name, path

    def says(self, language: Language) -> str:
        """What is wrong with the file, called by the name that its owner gave it."""
        return self._problem.says(language).replace(self._path, self._name)


def columns_of(data: bytes, *, name: str) -> list[Column]:
    """The columns of a file, with their first cells and a guess of what they are.

    Raises:
        Unreadable, CannotBeDone: the file cannot be right.
    """
    with tempfile.TemporaryDirectory(prefix="passerelle-") as room:
        source = _open(data, name, Path(room))
        first = [cells for _, cells in islice(_records(source), EXAMPLES)]
    guesses = _guessed(source.columns)
    return [
        Column(
            column,
            [cells[at].strip()[:80] for cells in first if at < len(cells) and cells[at].strip()],
            guesses.get(column, plain(column)[:60]),
        )
        for at, column in enumerate(source.columns)
    ]


def read_rows(data: bytes, *, name: str, mapping: Mapping[str, str]) -> Read:
    """Every row of the file as fields, and what is wrong with the others.

    Raises:
        Unreadable, CannotBeDone: the file cannot be right.
    """
    found = Read()
    with tempfile.TemporaryDirectory(prefix="passerelle-") as room:
        source = _open(data, name, Path(room))
        reader = _RowReader(source.columns, mapping, found)
        for line, cells in _records(source):
            if any(cell.strip() for cell in cells):
                found.count += 1
                reader.take(line, cells)
            if found.count > MOST_ROWS:
                raise CannotBeDone(Impossible.TOO_MANY_ROWS, n=MOST_ROWS)
    return found


class _RowReader:
    """Judges the rows of one file; of two with one name the first stands."""

    def __init__(self, columns: Sequence[str], mapping: Mapping[str, str], found: Read) -> None:
        self._fields = [mapping.get(column, "") for column in columns]
        self._columns = columns
        self._found = found
        self._seen: set[str] = set()

    def take(self, line: int, cells: Sequence[str]) -> None:
        if any(cell.strip() for cell in cells[len(self._columns) :]):
            self._refuse(line, "", "", RowReason.TOO_MANY_CELLS)
            return
        fields: dict[str, Any] = {}
        for column, name, cell in zip(self._columns, self._fields, cells, strict=False):
            text = cell.strip().strip("\u00a0")
            if (
                name
                and text
                and name not in fields
                and not self._keep(line, column, name, text, fields)
            ):
                return
        fault = self._fault_of_name(fields)
        if fault is not None:
            self._refuse(line, *fault)
        else:
            self._found.rows.append((line, fields))

    def _keep(self, line: int, column: str, name: str, text: str, fields: dict[str, Any]) -> bool:
        """Put a cell among the fields; whether the row may stay."""
        if len(text) > LONGEST_VALUE:
            self._refuse(line, column, text, RowReason.TOO_LONG)
            return False
        if name in NUMBERS:
            number = _number(text)
            if number is None:
                self._refuse(line, column, text, RowReason.BAD_NUMBER)
            else:
                fields[name] = number
        else:
            fields[name] = text
        return True

    def _fault_of_name(self, fields: dict[str, Any]) -> tuple[str, str, RowReason] | None:
        """What keeps the row from being somebody; its column, its cell and why."""
        email = str(fields.get("email", "")).lower().removeprefix("mailto:")
        user = str(fields.get(USER_ID, ""))[:255]
        if email:
            fields["email"] = email
        key = user or email
        if not key:
            return ("", "", RowReason.NO_NAME)
        if email and not is_address(email):
            return (self._column_of("email"), email, RowReason.BAD_EMAIL)
        if is_junk(Subject("user", user) if user else Subject("email", email)):
            return (self._column_of(USER_ID if user else "email"), key, RowReason.JUNK)
        if key in self._seen:
            return (self._column_of(USER_ID if user else "email"), key, RowReason.REPEATED)
        self._seen.add(key)
        return None

    def _column_of(self, name: str) -> str:
        return next((c for c, n in zip(self._columns, self._fields, strict=True) if n == name), "")

    def _refuse(self, line: int, column: str, value: str, reason: RowReason) -> None:
        self._found.faults.append(Fault(line, column[:120], value[:120], reason))


def _open(data: bytes, name: str, room: Path) -> Source:
    path = room / "file.csv"
    path.write_bytes(data)
    try:
        with duckdb.connect() as connection:
            [source] = open_sources(connection, [str(path)], mapping=FileMapping(), room=room)
    except FileProblem as problem:
        raise Unreadable(problem, name, str(path)) from problem
    is_csv = source.kind.format is Format.CSV and source.kind.compression is Compression.NONE
    if not is_csv:
        raise CannotBeDone(Impossible.NOT_CSV, name=name)
    if len(source.columns) > MOST_COLUMNS:
        raise CannotBeDone(Impossible.TOO_MANY_COLUMNS, n=MOST_COLUMNS)
    return source


def _records(source: Source) -> Iterator[tuple[int, list[str]]]:
    """The records after the header, each with its first line."""
    assert source.text
    assert source.dialect
    with source.text.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for _ in range(source.dialect.skip):
            next(file, "")
        begun = source.dialect.skip + 1
        reader = csv.reader(
            (line.replace("\0", "") for line in file), delimiter=source.dialect.delimiter
        )
        line = 0
        for record in reader:
            yield begun + line, record
            line = reader.line_num


def _guessed(columns: Sequence[str]) -> dict[str, str]:
    names = [name for name in FIELDS if name != USER_ID]
    guesses = guess_leads(columns, fields=names)
    found = {column: guess.name for guess in guesses.found for column in guess.columns}
    used = set(found.values())
    for column, name in list(found.items()):
        if name == "lead":
            # a file's key is an address, or somebody's id in another system
            is_address_column = plain(column) in LEAD_KEYS[4]
            found[column] = "email" if is_address_column and "email" not in used else USER_ID
    return found


def _number(text: str) -> int | float | None:
    plainly = "".join(c for c in text if not c.isspace() and c not in "€$£%’'")
    if "," in plainly and "." not in plainly:
        plainly = plainly.replace(",", ".")
    number = number_of(plainly)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
