"""The desk of this room's tests, and the engines that people have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from passerelle.relations.duck import connect
from tests.relations.warehouses import InClickHouse, InDuckDB, InPostgres, Warehouse


@pytest.fixture(scope="module")
def desk() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory, one for each file of tests."""
    with connect(threads=1) as connection:
        yield connection


@pytest.fixture(scope="module", params=["duckdb", "postgres", "clickhouse"])
def warehouse(
    request: pytest.FixtureRequest,
    require: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    folder: Path = tmp_path_factory.mktemp("warehouse")
    match request.param:
        case "duckdb":
            yield InDuckDB()
        case "postgres":
            postgres = InPostgres(require("postgresql"))
            yield postgres
            postgres.close()
        case "clickhouse":
            clickhouse = InClickHouse(folder)
            yield clickhouse
            clickhouse.close()
