"""Engines that hold leads and events as the how-to says and run the printed SQL as it stands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.relations.engines import Dialect
from passerelle.relations.moments import moment_at
from passerelle.relations.warehouse.columns import input_columns
from passerelle.relations.warehouse.statements import statements
from tests.parity.tables import fill

Row = dict[str, Any]
Types = Mapping[str, str]


class Warehouse(Protocol):
    """Somebody's engine."""

    dialect: Dialect

    def load(self, name: str, types: Types, rows: pa.Table) -> None:
        """Replace a table by one with columns of those types, and those rows."""

    def execute(self, statement: str) -> None:
        """Run a statement that gives nothing."""

    def select(self, query: str) -> list[Row]:
        """What the query gives, one row a lead."""


class InDuckDB:
    dialect: Dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})

    def load(self, name: str, types: Types, rows: pa.Table) -> None:
        self.connection.register("incoming", rows)
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")

    def execute(self, statement: str) -> None:
        self.connection.execute(statement)

    def select(self, query: str) -> list[Row]:
        rows: list[Row] = self.connection.sql(query).to_arrow_table().to_pylist()
        return rows


class InClickHouse:
    dialect: Dialect = "clickhouse"

    def __init__(self, folder: Path) -> None:
        import_session = import_module("chdb.session")  # half a gigabyte, without types

        self.folder = folder
        self.session: Any = import_session.Session(str(folder / "chdb"))
        self.session.query("CREATE DATABASE IF NOT EXISTS ours")
        self.session.query("USE ours")

    def load(self, name: str, types: Types, rows: pa.Table) -> None:
        columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        file = self.folder / f"{name}.parquet"
        pq.write_table(rows, file)
        self.session.query(f"DROP TABLE IF EXISTS {name}")
        self.session.query(f"CREATE TABLE {name} ({columns}) ENGINE = Memory")
        self.session.query(f"INSERT INTO {name} SELECT * FROM file('{file}', 'Parquet')")

    def close(self) -> None:
        self.session.close()

    def execute(self, statement: str) -> None:
        self.session.query(statement)

    def select(self, query: str) -> list[Row]:
        found = self.session.query(query, "ArrowStream").bytes()
        table = pa.ipc.open_stream(found).read_all()
        return [_decoded(row) for row in table.to_pylist()]


class InPostgres:
    dialect: Dialect = "postgres"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.schema = f"passerelle_test_{os.getpid()}"
        self.connection.execute(f"CREATE SCHEMA {self.schema}".encode())
        self.connection.execute(f"SET search_path TO {self.schema}".encode())
        # So that nobody's own clock can slip in.
        self.connection.execute("SET TimeZone TO 'Pacific/Apia'")

    def load(self, name: str, types: Types, rows: pa.Table) -> None:
        columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        self.connection.execute(f"DROP TABLE IF EXISTS {name}".encode())
        self.connection.execute(f"CREATE TABLE {name} ({columns})".encode())
        with self.connection.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
            for row in rows.to_pylist():
                copy.write_row(list(row.values()))

    def execute(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def select(self, query: str) -> list[Row]:
        cursor = self.connection.execute(query.encode())
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def close(self) -> None:
        self.connection.execute(f"DROP SCHEMA {self.schema} CASCADE".encode())
        self.connection.close()


_PRINTED: dict[object, list[str]] = {}


def printed(
    agreement: Agreement, dialect: Dialect, *, as_of: datetime, known_at: datetime | None = None
) -> list[str]:
    """The statements, which take seconds to write and are therefore written once."""
    key = (agreement.version, dialect, as_of, known_at)
    if key not in _PRINTED:
        moment = moment_at(agreement, as_of=as_of, known_at=known_at)
        _PRINTED[key] = statements(agreement, moment, dialect)
    return _PRINTED[key]


def score_in(
    warehouse: Warehouse,
    agreement: Agreement,
    leads: Iterable[Lead],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
) -> dict[str, Row]:
    """What the printed SQL gives for those leads, by lead."""
    with duckdb.connect() as desk:
        fill(desk, agreement, leads)
        for name, types in input_columns(agreement, warehouse.dialect).items():
            warehouse.load(name, types, desk.table(name).to_arrow_table())
    *before, query = printed(agreement, warehouse.dialect, as_of=as_of, known_at=known_at)
    for statement in before:
        warehouse.execute(statement)
    return {row["lead"]: row for row in warehouse.select(query)}


def _decoded(row: Row) -> Row:
    return {n: v.decode() if isinstance(v, bytes) else v for n, v in row.items()}
