"""How far the columnar copy of the log has come."""

from __future__ import annotations

from django.db import models


class HistoryFile(models.Model):
    """A Parquet file of events, the ids it holds, and whether a later file took its place.

    Files without `replaced_at` hold every event up to the largest `last_id` exactly once.
    """

    path = models.CharField(max_length=255, unique=True)
    month = models.CharField(max_length=7)  # 2026-11, by the time of the events
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
