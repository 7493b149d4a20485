"""Whether the history holds what it should: each event once, in files as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

import duckdb
import pyarrow as pa

from passerelle.apps.history import marks
from passerelle.apps.history.actions import BEHAVIOUR
from passerelle.apps.history.columns import instants
from passerelle.apps.history.log_rows import outlines_in_batches
from passerelle.apps.history.merging import scan
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import Store, store
from passerelle.files.quoting import literal
from passerelle.relations.duck import connect

Progress = Callable[[int, int], None]
"""Told how many files and stretches of the log of how many are looked at."""

EXAMPLES = 5


class Fault(StrEnum):
    """What may be wrong with the history."""

    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    EVENT_TWICE = "event_twice"
    EVENT_MISSING = "event_missing"
    EVENT_TOO_MANY = "event_too_many"
    EVENT_DIFFERS = "event_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: where (a file or a month), how often, and some ids."""

    fault: Fault
    where: str
    count: int = 1
    examples: tuple[int, ...] = ()


def verify(on_progress: Progress | None = None) -> list[Finding]:
    """Everything that is wrong; nothing if every event up to the watermark is there once.

    Files are read whole and compared with what was written; events are compared with the log one
    by one: id, subject, time, robot. What was pruned from the log may be in the files alone.
    """
    place = store()
    files = list(HistoryFile.objects.filter(replaced_at=None).order_by("month", "first_id"))
    findings, sound = [], []
    for number, file in enumerate(files, start=1):
        fault = _fault_of(place, file)
        if fault is None:
            sound.append(file)
        else:
            findings.append(Finding(fault, file.path))
        if on_progress is not None:
            on_progress(number, len(files))
    if findings:  # what else is wrong follows from that
        return findings
    return list(_events_compared(place, sound))


def _fault_of(place: Store, file: HistoryFile) -> Fault | None:
    try:
        return None if place.digest(file.path) == file.digest else Fault.FILE_CHANGED
    except FileNotFoundError:
        return Fault.FILE_MISSING


def _events_compared(place: Store, files: list[HistoryFile]) -> Iterator[Finding]:
    through = max((file.last_id for file in files), default=0)
    with connect(memory="2GB", threads=1) as engine:
        _load_copied(engine, place, [file for file in files if file.rows])
        _load_logged(engine, through)
        for fault, query in _COMPARED.items():
            yield from _found(engine, fault, query)


_NAMES = "id, subject_id, robot, occurred_at, kind"
_TYPES = "id BIGINT, subject_id BIGINT, robot VARCHAR, occurred_at TIMESTAMP, kind VARCHAR"
_COMPARED = {
    Fault.EVENT_TWICE: "SELECT id, min(occurred_at) FROM copied GROUP BY id HAVING count(*) > 1",
    Fault.EVENT_MISSING: "SELECT id, occurred_at FROM logged ANTI JOIN copied USING (id)",
    Fault.EVENT_TOO_MANY: (
        "SELECT id, occurred_at FROM copied ANTI JOIN logged USING (id) WHERE NOT pruned"
    ),
    Fault.EVENT_DIFFERS: (
        "SELECT id, logged.occurred_at FROM logged JOIN copied USING (id) WHERE "
        "(logged.subject_id, logged.robot, logged.occurred_at, logged.kind) IS DISTINCT FROM "
        "(copied.subject_id, copied.robot, copied.occurred_at, copied.kind)"
    ),
}
"""Queries for the events (id, time) with which something is wrong."""


def _load_copied(engine: duckdb.DuckDBPyConnection, place: Store, files: list[HistoryFile]) -> None:
    engine.execute(f"CREATE TABLE copied ({_TYPES}, pruned BOOLEAN)")
    before = marks.watermark().pruned_before
    kinds = ", ".join(literal(kind) for kind in BEHAVIOUR)
    pruned = "false"
    if before is not None:
        at = before.astimezone(UTC)
        pruned = f"occurred_at < TIMESTAMP '{at:%Y-%m-%d %H:%M:%S.%f}' AND kind IN ({kinds})"
    if files:
        rows = scan(place, files, engine)
        engine.execute(f"INSERT INTO copied SELECT {_NAMES}, {pruned} FROM {rows}")


def _load_logged(engine: duckdb.DuckDBPyConnection, through: int) -> None:
    engine.execute(f"CREATE TABLE logged ({_TYPES})")
    for rows in outlines_in_batches(through):
        ids, subjects, robots, times, kinds = zip(*rows, strict=True)
        table = pa.table(
            [pa.array(ids), pa.array(subjects), pa.array(robots), instants(times), pa.array(kinds)],
            names=_NAMES.split(", "),
        )
        engine.register("batch", table)
        engine.execute("INSERT INTO logged SELECT * FROM batch")
        engine.unregister("batch")


def _found(engine: duckdb.DuckDBPyConnection, fault: Fault, query: str) -> Iterator[Finding]:
    by_month = engine.execute(
        f"SELECT strftime(happened, '%Y-%m') AS month, count(*), list(id ORDER BY id)[:{EXAMPLES}] "
        f"FROM ({query}) AS wrong(id, happened) GROUP BY month ORDER BY month"
    ).fetchall()
    for month, count, examples in by_month:
        yield Finding(fault, month, count, tuple(examples))
