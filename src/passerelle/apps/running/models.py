"""The processes of an installation, each with the sign of life it last gave."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Process(models.Model):
    """A worker of some machine. `steps` holds by name: when it last ran, items, failures."""

    host = models.CharField(max_length=255)
    pid = models.IntegerField()
    lane = models.CharField(max_length=20)
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    steps = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "pid", "lane"], name="process_once")
        ]
