"""Rows and cells that could not be taken as they were: why, where, and what was done instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from passerelle.files.quoting import identifier, literal
from passerelle.files.writing import write_table
from passerelle.words import Language, say

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

TABLE = "files_rejects"
VALUE_LENGTH = 80


class RejectReason(StrEnum):
    """Why a row or a cell was not taken as it was."""

    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    BAD_QUOTES = "bad_quotes"
    LINE_TOO_LONG = "line_too_long"
    BAD_JSON = "bad_json"
    MISSING_LEAD = "missing_lead"
    MISSING_EVENT = "missing_event"
    MISSING_TIME = "missing_time"
    BAD_TIME = "bad_time"
    TIME_OUT_OF_RANGE = "time_out_of_range"
    BAD_NUMBER = "bad_number"
    BAD_BOOLEAN = "bad_boolean"
    BAD_DATE = "bad_date"
    BAD_COUNTER = "bad_counter"
    COUNTER_CLIPPED = "counter_clipped"
    DUPLICATE_LEAD = "duplicate_lead"
    DUPLICATE_EVENT = "duplicate_event"
    UNKNOWN_LEAD = "unknown_lead"

    def says(self, language: Language) -> str:
        """The reason as a sentence."""
        return say(f"files.reason.{self.value}", language)


class RejectAction(StrEnum):
    """What was done with the row or the cell."""

    ROW_DROPPED = "row_dropped"
    CELL_EMPTIED = "cell_emptied"
    CELL_CLIPPED = "cell_clipped"
    KEPT_ASIDE = "kept_aside"

    def says(self, language: Language) -> str:
        """The action in a few words."""
        return say(f"files.action.{self.value}", language)


@dataclass(frozen=True, slots=True)
class Reject:
    """One row or cell; `line` counts from 1 in the file (a Parquet file has rows for lines)."""

    rows: Literal["leads", "events"]
    file: str
    line: int | None
    column: str | None
    value: str | None
    reason: RejectReason
    action: RejectAction


@dataclass(frozen=True, slots=True)
class RejectCount:
    """How often one reason led to one action, in the leads or in the events."""

    rows: Literal["leads", "events"]
    reason: RejectReason
    action: RejectAction
    n: int


@dataclass(frozen=True, slots=True)
class Rejects:
    """Everything rejected in one load: counts at hand, rows in a table of the connection."""

    connection: duckdb.DuckDBPyConnection
    counts: tuple[RejectCount, ...]

    @property
    def total(self) -> int:
        """Rows and cells rejected, of every reason."""
        return sum(count.n for count in self.counts)

    def count(self, reason: RejectReason) -> int:
        """Rows and cells rejected for `reason`."""
        return sum(count.n for count in self.counts if count.reason == reason)

    def rows(self, *, limit: int = 1000) -> list[Reject]:
        """The first `limit` rejected rows and cells, in the order of files and lines."""
        found = self.connection.execute(
            f'SELECT "rows", file, line, "column", value, reason, action FROM {TABLE} '
            'ORDER BY "rows", file, line, "column", reason LIMIT ?',
            [limit],
        ).fetchall()
        return [
            Reject(rows, file, line, column, value, RejectReason(reason), RejectAction(action))
            for rows, file, line, column, value, reason, action in found
        ]


def open_rejects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table that a load writes its rejects into."""
    connection.execute(
        f'CREATE OR REPLACE TABLE {TABLE} ("rows" VARCHAR, file VARCHAR, line BIGINT, '
        '"column" VARCHAR, value VARCHAR, reason VARCHAR, action VARCHAR)'
    )


def collect_rejects(connection: duckdb.DuckDBPyConnection) -> Rejects:
    """Count what the load wrote into the table of rejects."""
    found = connection.execute(
        f'SELECT "rows", reason, action, count(*) FROM {TABLE} GROUP BY ALL ORDER BY ALL'
    ).fetchall()
    counts = tuple(
        RejectCount(rows, RejectReason(reason), RejectAction(action), n)
        for rows, reason, action, n in found
    )
    return Rejects(connection, counts)


def write_rejects(rejects: Rejects, path: Path | str, *, language: Language = "en") -> None:
    """Write the rejected rows and cells to a CSV file with the columns of `Reject` and why.

    Raises:
        FileProblem: the path cannot be written.
    """
    why = _cases("reason", {reason: reason.says(language) for reason in RejectReason})
    done = _cases("action", {action: action.says(language) for action in RejectAction})
    write_table(
        rejects.connection,
        f'SELECT "rows", file, line, "column", value, reason, action, '
        f"{why} || ' ' || {done} AS {identifier('explanation')} FROM {TABLE} "
        'ORDER BY "rows", file, line, "column", reason',
        path,
    )


def _cases(column: str, words: dict[RejectReason, str] | dict[RejectAction, str]) -> str:
    whens = " ".join(f"WHEN {literal(code)} THEN {literal(said)}" for code, said in words.items())
    return f"CASE {identifier(column)} {whens} END"
