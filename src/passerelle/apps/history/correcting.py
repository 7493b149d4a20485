"""Events of which it was found out later whether a robot did them, corrected in the files."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from passerelle.apps.capture.models import Reclassified
from passerelle.apps.history.merging import MEMORY, rewrite, scan, stand_in
from passerelle.apps.history.models import HistoryFile, Watermark
from passerelle.apps.history.store import Store, store
from passerelle.files.quoting import literal
from passerelle.relations.duck import connect

AT_ONCE = 50_000
FOUND_OUT = "history_found_out"


def correct_some(mark: Watermark, *, now: datetime) -> int:
    """Write the files anew that say otherwise than the log does now; how many events that were."""
    news = list(
        Reclassified.objects.filter(event_id__lte=mark.through_id)
        .order_by("pk")
        .values_list("pk", "event_id", "event__robot")[:AT_ONCE]
    )
    if not news:
        return 0
    robots = {event: robot for _, event, robot in news}
    place = store()
    with tempfile.TemporaryDirectory() as folder:
        found_out = Path(folder, "robots.parquet")
        pq.write_table(_table(robots), found_out)
        for file in _files_with(place, found_out, first=min(robots), last=max(robots)):
            corrected = rewrite(place, [file], now=now, select=_corrected(found_out))
            if not stand_in(place, [file], [corrected], now=now):
                return 0  # merged meanwhile: the news stands, and is looked at again
    Reclassified.objects.filter(pk__in=[pk for pk, _, _ in news]).delete()
    return len(news)


def load_corrections(engine: duckdb.DuckDBPyConnection) -> bool:
    """Make `FOUND_OUT`: of events not yet corrected in the files, who it was; whether any is so."""
    robots = dict(Reclassified.objects.values_list("event_id", "event__robot"))
    engine.register("history_batch", _table(robots))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {FOUND_OUT} AS FROM history_batch")
    engine.unregister("history_batch")
    return bool(robots)


def _table(robots: dict[int, str]) -> pa.Table:
    ids, names = list(robots), list(robots.values())
    return pa.table({"id": pa.array(ids, pa.int64()), "robot": pa.array(names, pa.string())})


def _files_with(place: Store, found_out: Path, *, first: int, last: int) -> list[HistoryFile]:
    """The files that count which hold some of those events."""
    near = HistoryFile.objects.filter(
        replaced_at=None, rows__gt=0, first_id__lte=last, last_id__gte=first
    )
    with connect(memory=MEMORY, threads=1) as engine:
        return [file for file in near.order_by("pk") if _holds(engine, place, file, found_out)]


def _holds(
    engine: duckdb.DuckDBPyConnection, place: Store, file: HistoryFile, found_out: Path
) -> bool:
    query = (
        f"SELECT 1 FROM {scan(place, [file], engine)} "
        f"SEMI JOIN read_parquet({literal(str(found_out))}) USING (id) LIMIT 1"
    )
    return bool(engine.execute(query).fetchall())


def _corrected(found_out: Path) -> str:
    return (
        "SELECT held.* REPLACE (coalesce(news.robot, held.robot) AS robot) FROM {files} AS held "
        f"LEFT JOIN read_parquet({literal(str(found_out))}) AS news ON news.id = held.id"
    )
