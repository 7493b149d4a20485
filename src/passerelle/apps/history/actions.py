"""What is done with the history on purpose: made anew, erased from, the log pruned behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from passerelle.apps.capture.models import Event, EventKind
from passerelle.apps.history import marks
from passerelle.apps.history.columns import Columns, table_of
from passerelle.apps.history.erasing import SubjectSpan, files_about, without
from passerelle.apps.history.log_rows import ids_in_batches, rows_in_batches
from passerelle.apps.history.merging import rewrite, stand_in
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import Store, store
from passerelle.apps.history.sweeping import remove_replaced
from passerelle.apps.history.writing import discard, write_months
from passerelle.files.quoting import literal

__all__ = ["Overtaken", "SubjectSpan", "erase_subjects", "prune", "rebuild"]

Progress = Callable[[int, int], None]
"""Told how many events of how many are done."""

REBUILT = 200_000
HOLD = timedelta(hours=6)
PRUNED = 5_000
BEHAVIOUR = (EventKind.PAGE.value, EventKind.SCREEN.value, EventKind.TRACK.value)
"""What may leave the log when it is old: who somebody is rests on the other calls for ever."""


class Overtaken(Exception):
    """The history was changed by somebody else meanwhile; doing it again is all it takes."""


def rebuild(now: datetime, *, on_progress: Progress | None = None) -> int:
    """Make every file anew from the log, and from the files what was pruned from it.

    Copying goes on meanwhile, merging rests. The files change all at once at the end; how many
    events they hold.

    Raises:
        Overtaken: something was erased meanwhile.
    """
    columns = Columns(list(marks.watermark().columns), closed=True)
    marks.change(held_until=now + HOLD)
    place, made = store(), list[HistoryFile]()
    old = list(HistoryFile.objects.filter(replaced_at=None).order_by("month", "first_id"))
    through, total = max((f.last_id for f in old), default=0), sum(f.rows for f in old)
    try:
        for rows in rows_in_batches(0, through=through, size=REBUILT):
            made += write_months(place, table_of(rows, columns), now=now)
            if on_progress is not None:
                on_progress(sum(f.rows for f in made), total)
        made += _pruned(place, old, through, now=now)
        stood = not made or stand_in(place, old, made, now=now)
    except BaseException:
        discard(place, made)
        raise
    finally:
        marks.change(held_until=None, tended_at=None)
    if not stood:
        raise Overtaken
    return sum(file.rows for file in made)


def prune(now: datetime, keep: timedelta, *, on_progress: Progress | None = None) -> int:
    """Take events out of the log that the history holds and that are older than `keep`.

    `keep` may be no shorter than what the agreement looks back to, see `core.memory`. Only what
    people did leaves, not who they are, and nothing that another row stands on. How many left.
    """
    before, through = now - keep, marks.watermark().through_id
    old = Event.objects.filter(
        pk__lte=through, occurred_at__lt=before, received_at__lt=before, kind__in=BEHAVIOUR
    )
    for relation in Event._meta.related_objects:  # noqa: SLF001  # Django's public way to ask
        old = old.filter(**{f"{relation.name}__isnull": True})
    total, done = old.count(), 0
    if total:
        pruned = marks.watermark().pruned_before
        marks.change(pruned_before=before if pruned is None else max(pruned, before))
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:PRUNED]):
        Event.objects.filter(pk__in=ids).delete()
        done += len(ids)
        if on_progress is not None:
            on_progress(done, max(total, done))
    return done


def erase_subjects(
    subjects: Iterable[int | SubjectSpan], *, now: datetime, at_once: bool = False
) -> int:
    """Have no file hold an event of those subjects, or name one as a device; how many changed.

    Call it after the log's rows are gone, in the same transaction or later. Replaced files stay
    for the grace of readers, or with `at_once` for nobody.

    Raises:
        Overtaken: files were merged meanwhile.
    """
    spans = [one if isinstance(one, SubjectSpan) else SubjectSpan(one) for one in subjects]
    place = store()
    with transaction.atomic():
        marks.disturb()  # whoever copies rows read before they were gone throws them away
    concerned = files_about(place, spans)
    for file in concerned:
        if not stand_in(
            place, [file], [rewrite(place, [file], now=now, select=without(spans))], now=now
        ):
            raise Overtaken
    if at_once:
        remove_replaced(before=now)
    return len(concerned)


def _pruned(
    place: Store, old: list[HistoryFile], through: int, *, now: datetime
) -> list[HistoryFile]:
    """Files of the events that only the files hold."""
    before = marks.watermark().pruned_before
    if before is None:
        return []
    kinds = ", ".join(literal(kind) for kind in BEHAVIOUR)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        logged = _ids_written(Path(folder, "ids.parquet"), through)
        select = (
            f"SELECT * FROM {{files}} WHERE occurred_at < '{before:%Y-%m-%d %H:%M:%S.%f}' "
            f"AND kind IN ({kinds}) AND id NOT IN (FROM read_parquet({literal(str(logged))}))"
        )
        for _, files in groupby(old, key=lambda file: file.month):
            file = rewrite(place, list(files), now=now, select=select)
            if file.rows:
                made.append(file)
            else:
                discard(place, [file])
    return made


def _ids_written(path: Path, through: int) -> Path:
    schema = pa.schema({"id": pa.int64()})
    with pq.ParquetWriter(path, schema) as writer:
        for ids in ids_in_batches(through):
            writer.write_table(pa.table({"id": ids}, schema=schema))
    return path
