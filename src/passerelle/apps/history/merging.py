"""Small files of a month merged into larger ones, so that few have to be read."""

from __future__ import annotations

import math
from datetime import datetime

import duckdb
from django.db import transaction

from passerelle.apps.history import marks, pace
from passerelle.apps.history.models import HistoryFile, Watermark
from passerelle.apps.history.store import Store, store
from passerelle.apps.history.writing import ORDER, ROWS_A_GROUP, discard, new_path
from passerelle.files.quoting import literal
from passerelle.relations.duck import connect

MEMORY = "1GB"
ALL = "SELECT * FROM {files}"


def merge_some(mark: Watermark, *, now: datetime) -> int:
    """Merge one set of files, if a month has enough of one size; how many were merged.

    Each event is rewritten once a size, not once a merge.
    """
    if mark.held_until is not None and now < mark.held_until:
        return 0
    if mark.tended_at is not None and now - mark.tended_at < pace.TEND_EVERY:
        return 0
    files = _ripe_files()
    if not files:
        marks.change(tended_at=now)
        return 0
    return len(files) if merge(files, now=now) else 0


def merge(files: list[HistoryFile], *, now: datetime) -> bool:
    """Put one file in the place of several of a month; whether they still stood."""
    place = store()
    merged = rewrite(place, files, now=now)
    return stand_in(place, files, [merged], now=now)


def rewrite(
    place: Store, files: list[HistoryFile], *, now: datetime, select: str = ALL
) -> HistoryFile:
    """A file with the rows of several, or what `select` makes of `{files}`."""
    first, last = min(f.first_id for f in files), max(f.last_id for f in files)
    path = new_path(files[0].month, first, last)
    counted = 0

    def fill(target: str) -> None:
        nonlocal counted
        with connect(memory=MEMORY, threads=1) as engine:
            engine.execute("SET preserve_insertion_order = true")
            found = engine.execute(
                f"COPY ({select.format(files=scan(place, files, engine))} "
                f"ORDER BY {', '.join(ORDER)}) TO {literal(target)} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_A_GROUP})"
            ).fetchall()
            counted = found[0][0]

    written = place.write(path, fill)
    return HistoryFile(
        path=path,
        month=files[0].month,
        first_id=first,
        last_id=last,
        rows=counted,
        bytes=written.bytes,
        digest=written.digest,
        written_at=now,
    )


def stand_in(
    place: Store, old: list[HistoryFile], new: list[HistoryFile], *, now: datetime
) -> bool:
    """Have new files stand in for old ones, all at once; not if one of those was replaced."""
    with transaction.atomic():
        ours = marks.replace(old, at=now)
        if ours:
            HistoryFile.objects.bulk_create(new)
        else:
            transaction.set_rollback(True)
    if not ours:
        discard(place, new)
    return ours


def scan(place: Store, files: list[HistoryFile], engine: duckdb.DuckDBPyConnection) -> str:
    """The SQL that reads those files as one table."""
    names = place.places([file.path for file in files], connection=engine)
    listed = ", ".join(literal(name) for name in names)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _ripe_files() -> list[HistoryFile]:
    """The smallest set that is worth a merge: many of one size, not yet full."""
    sets: dict[tuple[int, str], list[HistoryFile]] = {}
    small = HistoryFile.objects.filter(replaced_at=None, rows__lt=pace.FULL)
    for file in small.order_by("first_id"):
        sets.setdefault((_size(file), file.month), []).append(file)
    for _, files in sorted(sets.items()):
        if len(files) >= pace.FAN:
            return _up_to_full(files)
    return []


def _size(file: HistoryFile) -> int:
    return int(math.log(max(file.rows, 1), pace.FAN))


def _up_to_full(files: list[HistoryFile]) -> list[HistoryFile]:
    chosen: list[HistoryFile] = []
    rows = 0
    for file in files:
        if len(chosen) > 1 and rows + file.rows > pace.FULL:
            break
        chosen.append(file)
        rows += file.rows
    return chosen
