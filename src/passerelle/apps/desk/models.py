"""Ways of looking at leads that people keep."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from passerelle.apps.accounts.models import User


class SavedView(models.Model):
    """Filters, order and columns of the table of leads, under a name; shared or one's own."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once")
        ]
