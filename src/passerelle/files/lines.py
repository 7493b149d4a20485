"""Where rejected rows stand in their files: the row that DuckDB counts, as the line people see."""

from __future__ import annotations

import csv
import io
import sys
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from passerelle.files.asking import ask
from passerelle.files.kinds import Compression, Format, unpacked
from passerelle.files.quoting import literal
from passerelle.files.rejects import TABLE, VALUE_LENGTH
from passerelle.files.staging import MARKS, StagedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from passerelle.files.columns import Rows


def settle_marks(
    connection: duckdb.DuckDBPyConnection, rows: Rows, files: tuple[StagedFile, ...]
) -> None:
    """Move the marks of `rows` into the table of rejects, with files and lines people know."""
    for at, file in enumerate(files):
        last = ask(connection, f'SELECT max(row) FROM {MARKS} WHERE "rows" = ? AND file = ?', [rows, at])
        line, join = f"row + {_first_line(file)}", ""
        if last[0] is not None and not _lines_are_rows(file):
            connection.register("files_row_lines", _row_lines(file, last[0]))
            line, join = "placed", "LEFT JOIN files_row_lines AS placed_rows ON placed_row = row"
        connection.execute(
            f'INSERT INTO {TABLE} SELECT "rows", {literal(file.source.label)}, '
            f'coalesce(line, {line}), "column", left(value, {VALUE_LENGTH}), reason, action '
            f'FROM {MARKS} {join} WHERE "rows" = ? AND file = ?',
            [rows, at],
        )
        if join:
            connection.unregister("files_row_lines")
    connection.execute(f'DELETE FROM {MARKS} WHERE "rows" = ?', [rows])


def _first_line(file: StagedFile) -> int:
    return file.source.dialect.skip + 1 if file.source.dialect else 1


def _lines_are_rows(file: StagedFile) -> bool:
    """Whether no quoted line feed, empty line or broken line sets rows and lines apart."""
    if file.source.kind.format is not Format.CSV:
        return True
    assert file.source.text
    missing = _first_line(file) - 1 + file.rows - file.source.text.line_feeds
    return not file.broken and missing in {0, 1}


def _row_lines(file: StagedFile, last: int) -> pa.Table:
    """The line on which each row starts, as the rows of DuckDB: no empty, no broken lines."""
    assert file.source.dialect
    broken = set(file.broken)
    csv.field_size_limit(sys.maxsize)
    texts = _text_lines(file)
    for _ in range(file.source.dialect.skip):
        next(texts, "")
    reader = csv.reader(texts, delimiter=file.source.dialect.delimiter)
    lines = []
    before = file.source.dialect.skip
    for record in reader:
        line, before = before + 1, file.source.dialect.skip + reader.line_num
        if record and line not in broken:
            lines.append(line)
        if len(lines) > last:
            break
    return pa.table({"placed_row": pa.array(range(len(lines)), pa.int64()), "placed": lines})


def _text_lines(file: StagedFile) -> Iterator[str]:
    assert file.source.text
    copied = file.source.text.path != file.source.path
    compression = Compression.NONE if copied else file.source.kind.compression
    raw = _Chunks(unpacked(file.source.text.path, compression))
    return io.TextIOWrapper(
        cast("io.BufferedReader", io.BufferedReader(raw)), "utf-8", newline="\n"
    )


class _Chunks(io.RawIOBase):
    """An iterator of bytes as a file to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] - any writable buffer
        self._held = self._held or next(self._chunks, b"")
        taken = self._held[: len(buffer)]
        self._held = self._held[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)
