"""What the history does by itself: copy the log's tail, merge small files, clear away old ones."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from passerelle.apps.capture.models import Event
from passerelle.apps.history import pace
from passerelle.apps.history.columns import Columns, table_of
from passerelle.apps.history.correcting import correct_some
from passerelle.apps.history.log_rows import rows_after
from passerelle.apps.history.marks import advance, watermark
from passerelle.apps.history.merging import merge_some
from passerelle.apps.history.models import HistoryFile, Watermark
from passerelle.apps.history.store import store
from passerelle.apps.history.sweeping import sweep
from passerelle.apps.history.writing import discard, write_months


def work(now: datetime) -> int:
    """One step, the most urgent first: how many events or files it dealt with, 0 when idle.

    Files are written without a lock and count by one short transaction, so that several workers
    may do this at once: the first to commit wins, the others throw theirs away.
    """
    mark = watermark()
    if _is_due(mark, now=now):
        return append(mark, now=now, limit=pace.batch())
    return correct_some(mark, now=now) or merge_some(mark, now=now) or sweep(mark, now=now)


def catch_up(now: datetime) -> int:
    """Copy all that the log holds now, due or not; how many events that were."""
    copied = 0
    while added := append(watermark(), now=now, limit=pace.batch()):
        copied += added
    return copied


def append(mark: Watermark, *, now: datetime, limit: int) -> int:
    """Copy the next events after the watermark; how many, 0 if none or somebody else did it."""
    rows = rows_after(mark.through_id, limit=limit)
    if not rows:
        return 0
    columns, place = Columns(list(mark.columns)), store()
    files = write_months(place, table_of(rows, columns), now=now)
    with transaction.atomic():
        ours = advance(mark, through_id=rows[-1][0], columns=columns.names)
        if ours:
            HistoryFile.objects.bulk_create(files)
    if not ours:
        discard(place, files)
        return 0
    return len(rows)


def _is_due(mark: Watermark, *, now: datetime) -> bool:
    """Whether a batch is full, or what waits has waited long enough."""
    waiting = Event.objects.filter(pk__gt=mark.through_id).order_by("pk")
    oldest = waiting.values_list("received_at", flat=True).first()
    if oldest is None:
        return False
    if now - oldest >= pace.within():
        return True
    limit = pace.batch()
    return waiting.values_list("pk", flat=True)[limit - 1 : limit].first() is not None
