"""Results written to CSV, JSON or Parquet by the name's suffix, whole or not at all."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

import duckdb

from passerelle.files.problems import FileProblem, Problem
from passerelle.files.quoting import identifier, literal

FORMATS = {
    ".csv": "FORMAT csv, HEADER true",
    ".tsv": "FORMAT csv, HEADER true, DELIMITER '\t'",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
    ".json": "FORMAT json, ARRAY true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}
FORMULA = r"^[=+\-@\t\r]"


def write_table(
    connection: duckdb.DuckDBPyConnection,
    table: str | duckdb.DuckDBPyRelation,
    path: Path | str,
    *,
    unique: str | None = None,
) -> None:
    """Write a query's rows to `path`; the suffix says how (.csv .tsv .jsonl .json .parquet, .gz).

    A text cell of a CSV that a spreadsheet would run as a formula gets a `'` in front, which
    `load` takes off again. The file appears whole or not at all.

    Args:
        connection: where the query runs.
        table: a query, or a relation of `connection`.
        path: the file to write; one that is there is replaced.
        unique: a column that the caller vouches holds no value twice; a Parquet file remembers
            it as `passerelle.unique`, and `load` does not search it for duplicates.

    Raises:
        FileProblem: the suffix is none of those, or the path cannot be written.
    """
    target = Path(path)
    suffix, options = _options(target, unique)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    view = f"files_writing_{secrets.token_hex(4)}"
    relation = connection.sql(table) if isinstance(table, str) else table
    cells = _guarded(relation) if suffix in {".csv", ".tsv"} else "*"
    relation.create_view(view)
    try:
        _require_writable(target)
        connection.execute(
            f"COPY (SELECT {cells} FROM {view}) TO {literal(str(partial.absolute()))} ({options})"
        )
        partial.replace(target)
    except (OSError, duckdb.IOException) as fault:
        raise FileProblem(
            Problem.UNWRITABLE, path=str(target), detail=str(fault).splitlines()[0]
        ) from fault
    finally:
        connection.execute(f"DROP VIEW {view}")
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _options(target: Path, unique: str | None) -> tuple[str, str]:
    suffixes = [suffix.lower() for suffix in target.suffixes]
    zipped = suffixes[-1:] == [".gz"]
    suffix = suffixes[-2 if zipped else -1] if len(suffixes) > zipped else ""
    if suffix not in FORMATS or (zipped and suffix == ".parquet"):
        raise FileProblem(Problem.UNKNOWN_SUFFIX, path=str(target), known=tuple(FORMATS))
    options = FORMATS[suffix]
    if zipped:
        options += ", COMPRESSION gzip"
    if suffix == ".parquet" and unique:
        options += f", KV_METADATA {{'passerelle.unique': {literal(unique)}}}"
    return suffix, options


def _require_writable(target: Path) -> None:
    if target.is_dir():
        raise FileProblem(Problem.TARGET_IS_DIRECTORY, path=str(target))
    if not target.parent.is_dir():
        raise FileProblem(Problem.NO_DIRECTORY, path=str(target), directory=str(target.parent))


def _guarded(relation: duckdb.DuckDBPyRelation) -> str:
    cells = []
    for name, kind in zip(relation.columns, relation.types, strict=True):
        column = identifier(name)
        guarded = (
            f"CASE WHEN regexp_matches({column}, '{FORMULA}') THEN '''' || {column} "
            f"ELSE {column} END AS {column}"
        )
        cells.append(guarded if str(kind) == "VARCHAR" else column)
    return ", ".join(cells)
