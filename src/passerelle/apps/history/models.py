"""How far the columnar copy of the log has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class HistoryFile(models.Model):
    """A Parquet file of events, the ids it holds, and whether a later file took its place.

    Files without `replaced_at` hold every event up to the watermark exactly once.
    """

    path = models.CharField(max_length=255, unique=True)  # below settings.HISTORY_URL
    month = models.CharField(max_length=7)  # 2026-11, by the time of the events
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["replaced_at", "month"])]


class Watermark(models.Model):
    """How far the log was copied; the one row that every change of the history goes through.

    Files are written without any lock. What makes them count is a change of this row that only
    succeeds when it still stands as it was read: see `marks.advance`.
    """

    through_id = models.BigIntegerField(default=0)  # every event up to it is in the files
    generation = models.BigIntegerField(default=0)  # moves when copied events were taken out
    columns = models.JSONField(default=list)  # properties with a column of their own
    held_until = models.DateTimeField(null=True)  # nobody merges files before
    tended_at = models.DateTimeField(null=True)  # when nothing was left to merge
    swept_at = models.DateTimeField(null=True)  # when files of nobody were last looked for
    pruned_before = models.DateTimeField(null=True)  # the log may lack what happened before
