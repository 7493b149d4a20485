"""The files that hold somebody, and what is left of them without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from passerelle.apps.history.merging import MEMORY, scan
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import Store
from passerelle.relations.duck import connect

READ_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class SubjectSpan:
    """A subject, for what happened from `since` (included) until `until` (not)."""

    subject_id: int
    since: datetime | None = None
    until: datetime | None = None


def files_about(place: Store, spans: Sequence[SubjectSpan]) -> list[HistoryFile]:
    """The files that count in which a row would go or change."""
    files = list(HistoryFile.objects.filter(replaced_at=None, rows__gt=0).order_by("pk"))
    return [file for file in files if _holds(place, file, spans)] if spans else []


def without(spans: Sequence[SubjectSpan]) -> str:
    """The SELECT that leaves out the events of subjects, and their names as devices of others."""
    device = " OR ".join(_within("device_id", span) for span in spans)
    return (
        f"SELECT * REPLACE (CASE WHEN {device} THEN NULL ELSE device_id END AS device_id) "
        f"FROM {{files}} WHERE NOT ({' OR '.join(_within('subject_id', span) for span in spans)})"
    )


def _holds(place: Store, file: HistoryFile, spans: Sequence[SubjectSpan]) -> bool:
    tests = " OR ".join(_within(column, s) for s in spans for column in ("subject_id", "device_id"))
    with connect(memory=MEMORY, threads=1) as engine:
        query = f"SELECT 1 FROM {scan(place, [file], engine)} WHERE {tests} LIMIT 1"
        return bool(engine.execute(query).fetchall())


def _within(column: str, span: SubjectSpan) -> str:
    tests = [f"{column} IS NOT DISTINCT FROM {span.subject_id:d}"]
    if span.since is not None:
        tests.append(f"occurred_at >= {_literal(span.since)}")
    if span.until is not None:
        tests.append(f"occurred_at < {_literal(span.until)}")
    return f"({' AND '.join(tests)})"


def _literal(at: datetime) -> str:
    return f"TIMESTAMP '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
