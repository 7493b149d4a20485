"""Streams tables into Parquet, CSV or lines of JSON: the same bytes for the same rows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Literal, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from passerelle.demo.json_lines import json_lines

FileFormat = Literal["parquet", "csv", "jsonl"]
TABLES = ("leads", "events", "companies", "truth")
ROW_GROUP = 100_000


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the demo: its place, its rows and its size in bytes."""

    path: Path
    rows: int
    size: int


class Sink(Protocol):
    """A place that rows are appended to."""

    def write(self, table: pa.Table) -> None:
        """Append the rows of `table`."""

    def close(self) -> list[WrittenFile]:
        """Finish the files and list them."""


class DemoFiles:
    """The open files of one demo; leaving the `with` block by an exception removes them."""

    def __init__(self, folder: Path, file_format: FileFormat) -> None:
        self._folder = folder
        self._sinks = {name: _sink(folder, name, file_format) for name in TABLES}
        self._format = file_format

    def __enter__(self) -> Self:
        return self

    def write(self, name: str, table: pa.Table) -> None:
        """Append the rows of `table` to the table called `name`."""
        self._sinks[name].write(table)

    def close(self) -> tuple[WrittenFile, ...]:
        """Finish all files and list them."""
        return tuple(file for sink in self._sinks.values() for file in sink.close())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            return
        for sink in self._sinks.values():
            with suppress(OSError, pa.ArrowException):  # the first error is the one to tell
                sink.close()
        for place in written_places(self._folder, self._format):
            if place.is_dir():
                rmtree(place)
            else:
                place.unlink(missing_ok=True)


def written_places(folder: Path, file_format: FileFormat) -> list[Path]:
    """Where a demo's tables go: files, and for the events in Parquet a folder."""
    return [
        folder / "events" if (name, file_format) == ("events", "parquet")
        else folder / f"{name}.{file_format}"
        for name in TABLES
    ]  # fmt: skip


class ParquetSink:
    """One Parquet file; rows wait until a row group is full, so that groups are worth reading."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: parquet.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        """Append rows; a row group goes to disk when it is full."""
        self._waiting.append(table)
        if sum(len(waiting) for waiting in self._waiting) >= ROW_GROUP:
            self._flush()

    def close(self) -> list[WrittenFile]:
        """Write what waits, and the footer."""
        if self._waiting:
            self._flush()
        if self._writer is None:
            return []
        self._writer.close()
        return [WrittenFile(self._path, self._rows, self._path.stat().st_size)]

    def _flush(self) -> None:
        table = pa.concat_tables(self._waiting)
        self._waiting = []
        if self._writer is None:
            # Ids hardly repeat; without the Arrow schema, readers see plain text columns.
            coded = [name for name in table.column_names if name != "id"]
            self._writer = parquet.ParquetWriter(
                self._path, table.schema, compression="zstd", use_dictionary=coded,
                store_schema=False, write_page_index=False,
            )  # fmt: skip
        self._writer.write_table(table, row_group_size=2 * ROW_GROUP)
        self._rows += len(table)


class MonthlySink:
    """A folder with one Parquet file a month (UTC) of the event's own time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._months: dict[str, ParquetSink] = {}

    def write(self, table: pa.Table) -> None:
        """Append each row to the file of its month; the order of the rows is kept."""
        self._folder.mkdir(parents=True, exist_ok=True)
        instants = table["occurred_at"].cast(pa.timestamp("us")).to_numpy()
        months = instants.astype("datetime64[M]")
        for month in np.unique(months):
            name = str(month)
            if name not in self._months:
                self._months[name] = ParquetSink(self._folder / f"{name}.parquet")
            self._months[name].write(table.take(np.flatnonzero(months == month)))

    def close(self) -> list[WrittenFile]:
        """Finish every month's file."""
        return [file for name in sorted(self._months) for file in self._months[name].close()]


class TextSink:
    """One file of text, CSV or lines of JSON, in UTF-8."""

    def __init__(self, path: Path, file_format: Literal["csv", "jsonl"]) -> None:
        self._path, self._format = path, file_format
        self._file = path.open("wb")
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        """Append rows; the names of the columns come first in CSV."""
        if self._format == "jsonl":
            self._file.write(json_lines(table))
        else:
            options = csv.WriteOptions(include_header=self._rows == 0, quoting_style="needed")
            csv.write_csv(_plain(table), self._file, options)
        self._rows += len(table)

    def close(self) -> list[WrittenFile]:
        """Close the file."""
        self._file.close()
        return [WrittenFile(self._path, self._rows, self._path.stat().st_size)]


def _sink(folder: Path, name: str, file_format: FileFormat) -> Sink:
    place = folder / f"{name}.{file_format}"
    if file_format != "parquet":
        return TextSink(place, file_format)
    return MonthlySink(folder / name) if name == "events" else ParquetSink(place)


def _plain(table: pa.Table) -> pa.Table:
    """The table with instants as ISO 8601 text and without dictionaries, as CSV wants it."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
        elif pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        columns[name] = column
    return pa.table(columns)
