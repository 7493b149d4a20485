"""A desk to read files on: a folder, a connection, and the few things every test would repeat."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from passerelle.files import (
    FieldType,
    FileProblem,
    Loaded,
    PropertyType,
    load,
    read_mapping,
)

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
FIELDS: dict[str, FieldType] = {
    "email": "text",
    "job_title": "text",
    "employees": "number",
    "opt_in": "boolean",
    "created_at": "date",
}
PROPERTIES: dict[str, PropertyType] = {"path": "text", "seconds": "number"}
LEADS = "lead,email\nzoe,zoe@acme.example\nbob,bob@acme.example\n"


@dataclass
class Desk:
    """A folder with files, and what became of them."""

    folder: Path
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def put(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode(encoding) if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return str(path)

    def put_parquet(self, name: str, query: str, *, mark: str = "") -> str:
        path = str(self.folder / name)
        options = f", KV_METADATA {{'passerelle.unique': '{mark}'}}" if mark else ""
        self.connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{options})")
        return path

    def read(
        self,
        leads: str | Sequence[str],
        events: str | Sequence[str] = (),
        *,
        mapping: str | None = None,
        fields: Mapping[str, FieldType] = FIELDS,
        properties: Mapping[str, PropertyType] = PROPERTIES,
        timezone: str = "UTC",
    ) -> Loaded:
        return load(
            self.connection,
            leads=[leads] if isinstance(leads, str) else leads,
            events=[events] if isinstance(events, str) else events,
            mapping=read_mapping(self.put("mapping.yaml", mapping)) if mapping else None,
            fields=fields,
            properties=properties,
            as_of=NOW,
            timezone=timezone,
        )

    def read_leads(self, content: str | bytes, **options: Any) -> Loaded:
        return self.read(self.put("leads.csv", content), **options)

    def read_events(self, content: str | bytes, **options: Any) -> Loaded:
        return self.read(self.put("leads.csv", LEADS), self.put("events.csv", content), **options)

    def rows(self, columns: str, table: str = "leads") -> list[tuple[Any, ...]]:
        return self.connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()

    def rejects(self, loaded: Loaded) -> list[tuple[str, int | None, str, str]]:
        return [
            (reject.file, reject.line, reject.reason.value, reject.action.value)
            for reject in loaded.rejected.rows()
        ]


def problem_of(action: Any, *arguments: Any, **options: Any) -> FileProblem:
    """The problem that an action stops with."""
    try:
        action(*arguments, **options)
    except FileProblem as problem:
        return problem
    raise AssertionError("nothing stopped it")
