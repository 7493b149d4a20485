"""Where rejected rows stand in their files: the row that DuckDB counts, as the line people see."""

from __future__ import annotations

import codecs
import csv
from typing import TYPE_CHECKING

import pyarrow as pa

from passerelle.files.asking import ask
from passerelle.files.kinds import Compression, Format, unpacked
from passerelle.files.marks import MARKS
from passerelle.files.quoting import literal
from passerelle.files.rejects import TABLE, VALUE_LENGTH
from passerelle.files.staging import StagedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from passerelle.files.columns import Rows


LONGEST_CELL = 2**31 - 1


def settle_marks(
    connection: duckdb.DuckDBPyConnection, rows: Rows, files: tuple[StagedFile, ...]
) -> None:
    """Move the marks of `rows` into the table of rejects, with files and lines people know."""
    for at, file in enumerate(files):
        (last,) = ask(
            connection, f'SELECT max(row) FROM {MARKS} WHERE "rows" = ? AND file = ?', [rows, at]
        )
        line, joins = f"coalesce(record, row + {_first_line(file)})", ""
        if not _lines_are_rows(file) and (last is not None or file.broken):
            by_row, by_record = _lines(file, -1 if last is None else last)
            connection.register("files_row_lines", by_row)
            connection.register("files_record_lines", by_record)
            line = "coalesce(row_line, record_line)"
            joins = (
                "LEFT JOIN files_row_lines ON a_row = row "
                "LEFT JOIN files_record_lines ON a_record = record"
            )
        connection.execute(
            f'INSERT INTO {TABLE} SELECT "rows", {literal(file.source.label)}, {line} + lost, '
            f'"column", left(value, {VALUE_LENGTH}), reason, action '
            f'FROM {MARKS} {joins} WHERE "rows" = ? AND file = ?',
            [rows, at],
        )
        if joins:
            connection.unregister("files_row_lines")
            connection.unregister("files_record_lines")
    connection.execute(f'DELETE FROM {MARKS} WHERE "rows" = ?', [rows])


def _first_line(file: StagedFile) -> int:
    return file.source.dialect.skip + 1 if file.source.dialect else 1


def _lines_are_rows(file: StagedFile) -> bool:
    """Whether no quoted line feed, empty line or broken record sets rows and lines apart."""
    if file.source.kind.format is not Format.CSV:
        return True
    assert file.source.text
    missing = _first_line(file) - 1 + file.rows - file.source.text.line_feeds
    return not file.broken and missing in {0, 1}


def _lines(file: StagedFile, last: int) -> tuple[pa.Table, pa.Table]:
    """The lines on which rows (up to the `last`) and broken records start."""
    assert file.source.dialect
    skip = file.source.dialect.skip
    broken = set(file.broken)
    last_broken = max(broken, default=0)
    csv.field_size_limit(LONGEST_CELL)
    texts = _text_lines(file)
    for _ in range(skip):
        next(texts, "")
    reader = csv.reader(texts, delimiter=file.source.dialect.delimiter)
    row_lines: list[int] = []
    record_lines: dict[int, int] = {}
    before = skip
    for number, record in enumerate(reader, start=file.source.dialect.skip_records + 1):
        line, before = before + 1, skip + reader.line_num
        if number in broken:
            record_lines[number] = line
        elif record:
            row_lines.append(line)
        if len(row_lines) > last and number >= last_broken:
            break
    return (
        pa.table(
            {
                "a_row": pa.array(range(len(row_lines)), pa.int64()),
                "row_line": pa.array(row_lines, pa.int64()),
            }
        ),
        pa.table(
            {
                "a_record": pa.array(record_lines.keys(), pa.int64()),
                "record_line": pa.array(record_lines.values(), pa.int64()),
            }
        ),
    )


def _text_lines(file: StagedFile) -> Iterator[str]:
    assert file.source.text
    copied = file.source.text.path != file.source.path
    compression = Compression.NONE if copied else file.source.kind.compression
    decoder = codecs.getincrementaldecoder("utf-8")()
    held = ""
    for chunk in unpacked(file.source.text.path, compression):
        *lines, held = (held + decoder.decode(chunk)).split("\n")
        yield from (f"{line}\n" for line in lines)
    if held:
        yield held
