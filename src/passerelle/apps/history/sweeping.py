"""Files that nobody needs any more, taken away once nobody can be reading them."""

from __future__ import annotations

from datetime import datetime

from passerelle.apps.history import marks, pace
from passerelle.apps.history.models import HistoryFile, Watermark
from passerelle.apps.history.store import store

AT_ONCE = 200


def sweep(mark: Watermark, *, now: datetime) -> int:
    """Remove replaced files after their grace, and now and then files that never counted."""
    removed = remove_replaced(before=now - pace.grace())
    if mark.swept_at is None or now - mark.swept_at >= pace.SWEEP_EVERY:
        removed += remove_strays(before=now - pace.SWEEP_EVERY)
        marks.change(swept_at=now)
    return removed


def remove_replaced(*, before: datetime) -> int:
    """Remove files that were replaced by then; how many."""
    place = store()
    replaced = list(HistoryFile.objects.filter(replaced_at__lte=before)[:AT_ONCE])
    for file in replaced:  # the file first: a row without a file is found again, not the reverse
        place.remove(file.path)
    HistoryFile.objects.filter(pk__in=[file.pk for file in replaced]).delete()
    return len(replaced)


def remove_strays(*, before: datetime) -> int:
    """Files of workers that died before their files counted."""
    place = store()
    found = list(place.listed())
    known = set(HistoryFile.objects.values_list("path", flat=True))
    strays = [path for path, at in found if path not in known and at is not None and at < before]
    for path in strays:
        place.remove(path)
    return len(strays)
