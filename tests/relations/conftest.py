"""The desk of this room's tests."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from passerelle.relations.duck import connect


@pytest.fixture(scope="module")
def desk() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory, one for each file of tests."""
    with connect(threads=1) as connection:
        yield connection
