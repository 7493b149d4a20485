"""The watermark: read, and moved only if it still stands where it was read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from passerelle.apps.history.models import HistoryFile, Watermark

_ONLY = 1


def watermark() -> Watermark:
    """The watermark as it stands."""
    mark, _ = Watermark.objects.get_or_create(pk=_ONLY)
    return mark


def advance(mark: Watermark, *, through_id: int, columns: list[str]) -> bool:
    """Move the watermark on, unless anybody moved it since it was read; whether it was moved.

    Call it in the transaction that adds the files.
    """
    standing = Watermark.objects.filter(
        pk=_ONLY, through_id=mark.through_id, generation=mark.generation
    )
    return bool(standing.update(through_id=through_id, columns=columns))


def disturb() -> None:
    """Have everybody who read the log or its files so far read them again."""
    watermark()
    Watermark.objects.filter(pk=_ONLY).update(generation=F("generation") + 1)


def replace(files: list[HistoryFile], *, at: datetime) -> bool:
    """Say that other files stand in for these, unless somebody said so before.

    Call it in the transaction that adds the others, and undo that when this fails.
    """
    keys = [file.pk for file in files]
    replaced = HistoryFile.objects.filter(pk__in=keys, replaced_at=None).update(replaced_at=at)
    return replaced == len(keys)


def change(**fields: datetime | None) -> None:
    """Set dates of the watermark."""
    Watermark.objects.filter(pk=_ONLY).update(**fields)
