"""Tables of events put into files, one a month, sorted by subject and then by time."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from passerelle.apps.history.columns import PROPERTY
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import Store

ORDER = ("subject_id", "occurred_at", "id")
ROWS_A_GROUP = 100_000


def write_months(store: Store, table: pa.Table, *, now: datetime) -> list[HistoryFile]:
    """The table in files by month; they count once their rows are saved."""
    months = pc.strftime(table["occurred_at"], format="%Y-%m")
    return [
        _write(store, table.filter(pc.equal(months, month)), month.as_py(), now)
        for month in sorted(pc.unique(months), key=str)
    ]


def new_path(month: str, first_id: int, last_id: int) -> str:
    """A path that no other file has, whoever writes at the same time."""
    return f"{month}/{first_id:012}-{last_id:012}-{secrets.token_hex(4)}.parquet"


def discard(store: Store, files: list[HistoryFile]) -> None:
    """Take files away that do not count after all."""
    for file in files:
        store.remove(file.path)


def _write(store: Store, table: pa.Table, month: str, now: datetime) -> HistoryFile:
    table = table.sort_by([(name, "ascending") for name in ORDER])
    table = table.select([name for name in table.column_names if _has_place(name, table[name])])
    ids = pc.min_max(table["id"]).as_py()
    path = new_path(month, ids["min"], ids["max"])
    fill = partial(pq.write_table, table, compression="zstd", row_group_size=ROWS_A_GROUP)
    written = store.write(path, fill)
    return HistoryFile(
        path=path,
        month=month,
        first_id=ids["min"],
        last_id=ids["max"],
        rows=table.num_rows,
        bytes=written.bytes,
        digest=written.digest,
        written_at=now,
    )


def _has_place(name: str, column: pa.ChunkedArray) -> bool:
    """Whether a month's file has this column; a property that no event has there needs none."""
    return not name.startswith(PROPERTY) or int(column.null_count) < len(column)
