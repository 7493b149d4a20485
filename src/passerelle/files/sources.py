"""Each file opened: what it is, how it is written, and the names of its columns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.dialects import Dialect, distinct, find_dialect
from passerelle.files.finding import find_files, label_files
from passerelle.files.kinds import HEAD, Compression, Format, Kind, recognise, unpacked
from passerelle.files.problems import FileProblem, Problem
from passerelle.files.quoting import literal, path_literal
from passerelle.files.transcoding import Text, prepare_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from passerelle.files.mapping import Mapping

MAX_DEPTH = 6
# what starts like an object and is valid JSON is one; asking for its type would parse it again
IS_OBJECT = "(starts_with(ltrim(line), '{') AND json_valid(line))"


@dataclass(frozen=True, slots=True)
class Source:
    """A file ready to be read.

    Attributes:
        label: what it is called in what people see.
        path: the user's file.
        kind: its format and packing.
        columns: the names of its columns, each once.
        text: of a text file, what DuckDB reads.
        dialect: of a CSV file, how it is written.
        pointers: of a JSON file, where each column stands in an object.
        types: of a Parquet file, the type of each column.
        unique: of a Parquet file, the column it vouches holds no value twice.
    """

    label: str
    path: Path
    kind: Kind
    columns: tuple[str, ...]
    text: Text | None = None
    dialect: Dialect | None = None
    pointers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    unique: str | None = None


def open_sources(
    connection: duckdb.DuckDBPyConnection,
    patterns: Iterable[str],
    *,
    mapping: Mapping,
    room: Path,
) -> tuple[Source, ...]:
    """Open the files that `patterns` name; copies that are needed go into the folder `room`.

    Raises:
        FileProblem: one cannot be right, or Parquet files stand among text files.
    """
    paths = find_files(patterns)
    sources = tuple(
        _open(connection, path, label, mapping, room)
        for path, label in zip(paths, label_files(paths), strict=True)
    )
    parquet = [source for source in sources if source.kind.format is Format.PARQUET]
    if parquet and len(parquet) < len(sources):
        other = next(source for source in sources if source.kind.format is not Format.PARQUET)
        raise FileProblem(Problem.MIXED_FORMATS, first=parquet[0].label, second=other.label)
    return sources


def json_lines(source: Source) -> str:
    """The SQL that reads a JSON source as rows of one text column `line`."""
    assert source.text
    path = path_literal(source.text.path)
    if source.kind.format is Format.JSON_ARRAY:
        return (
            "(SELECT CAST(json AS VARCHAR) AS line FROM read_json_objects("
            f"{path}, format = 'array', hive_partitioning = false))"
        )
    return (
        f"read_csv({path}, auto_detect = false, delim = '\x01', quote = '', escape = '', "
        "header = false, columns = {line: 'VARCHAR'}, nullstr = '', new_line = '\\n', "
        "max_line_size = 67108864, hive_partitioning = false)"
    )


def _open(
    connection: duckdb.DuckDBPyConnection, path: Path, label: str, mapping: Mapping, room: Path
) -> Source:
    kind = recognise(path)
    if kind.format is Format.PARQUET:
        return _open_parquet(connection, path, label, kind)
    text = prepare_text(path, kind=kind, room=room, encoding=mapping.encoding)
    if kind.format is Format.CSV:
        compression = kind.compression if text.path == path else Compression.NONE
        head = b"".join(islice(unpacked(text.path, compression, size=HEAD), 1))
        lines = head.decode("utf-8", "ignore").removeprefix("\ufeff")
        dialect = find_dialect(path, lines, delimiter=mapping.delimiter)
        return Source(label, path, kind, dialect.columns, text, dialect)
    return _open_json(connection, Source(label, path, kind, (), text))


def _open_json(connection: duckdb.DuckDBPyConnection, source: Source) -> Source:
    row = ask(
        connection,
        f"SELECT json_group_structure(CAST(line AS JSON)) FROM {json_lines(source)} "
        f"WHERE {IS_OBJECT}",
    )
    structure = json.loads(row[0]) if row and row[0] else {}
    steps = _leaves(structure) if isinstance(structure, dict) else []
    if not steps:
        raise FileProblem(Problem.HEADER_ONLY, path=str(source.path))
    return Source(
        source.label,
        source.path,
        source.kind,
        distinct([".".join(leaf) for leaf in steps]),
        source.text,
        pointers=tuple(_pointer(leaf) for leaf in steps),
    )


def _leaves(structure: dict[str, object], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for key, inner in structure.items():
        here = (*above, key)
        if isinstance(inner, dict) and len(here) < MAX_DEPTH:
            found += _leaves(inner, here)
        else:
            found.append(here)
    return found


def _pointer(steps: tuple[str, ...]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _open_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, label: str, kind: Kind
) -> Source:
    where = path_literal(path)
    described = connection.execute(
        f"DESCRIBE SELECT * FROM read_parquet({where}, hive_partitioning = false)"
    ).fetchall()
    marks = connection.execute(
        "SELECT decode(value) FROM parquet_kv_metadata("
        f"{where}) WHERE decode(key) = {literal('passerelle.unique')}"
    ).fetchall()
    return Source(
        label,
        path,
        kind,
        tuple(name for name, *_ in described),
        types=tuple(kind for _, kind, *_ in described),
        unique=marks[0][0] if marks else None,
    )
