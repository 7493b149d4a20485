"""A demo company on disk, and questions to it in SQL."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from passerelle.demo import DemoSummary, write_demo

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Company:
    """The demo in `folder`, its summary, and a connection with one view a table."""

    folder: Path
    summary: DemoSummary
    connection: duckdb.DuckDBPyConnection

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """The answer to a question in SQL."""
        return self.connection.sql(question).fetchall()

    def number(self, question: str) -> float:
        """The answer to a question in SQL that is one number."""
        return float(self.rows(question)[0][0])


def a_company(folder: Path, *, leads: int, seed: int = 1, **options: Any) -> Company:
    """A demo company written as Parquet, of twelve months unless told otherwise."""
    summary = write_demo(folder, leads=leads, seed=seed, **{"until": UNTIL, **options})
    connection = duckdb.connect()
    connection.sql("set timezone = 'UTC'")
    for table in ("leads", "companies", "truth"):
        connection.read_parquet(str(folder / f"{table}.parquet")).create_view(table)
    connection.read_parquet(str(folder / "events/*.parquet")).create_view("events")
    return Company(folder, summary, connection)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` by its relative name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
