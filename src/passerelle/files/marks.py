"""Rows and cells to reject, noted by file and row while the lines of files are not yet known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MARKS = "files_marks"
# `lost` counts the lines that a broken record swallowed, from 0; each is noted.
MARK = f'{MARKS} ("rows", file, row, "column", value, reason, action)'
MARK_RECORD = f'{MARKS} ("rows", file, record, value, reason, action, lost)'


def open_marks(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table of marks."""
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {MARKS} ("rows" VARCHAR, file INTEGER, row BIGINT, '
        'record BIGINT, lost BIGINT DEFAULT 0, "column" VARCHAR, value VARCHAR, reason VARCHAR, '
        "action VARCHAR)"
    )
