"""What people allowed and refused, and how their wish to be forgotten is carried out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from passerelle.apps.accounts.models import User
from passerelle.apps.capture.models import Event, Subject


class Channel(models.TextChoices):
    """A way in which somebody may be contacted."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    POST = "post"


class Consent(models.Model):
    """Somebody said yes or no to being contacted; the row is its proof, and is never changed.

    It repeats one event of the log, which is kept as long as this. What holds is the latest by the
    time at which it was said.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="consents")
    event = models.ForeignKey(Event, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    given = models.BooleanField()
    wording = models.TextField(blank=True)  # what they said yes to, as it stood there
    place = models.CharField(max_length=500, blank=True)  # the form, page or list
    address = models.CharField(max_length=45, blank=True)  # the network it came from, shortened
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "channel"], name="consent_once")
        ]


class WhySuppressed(models.TextChoices):
    """Why an address or id is on the list."""

    ASKED = "asked"  # they wish no contact
    ERASED = "erased"  # they wished to be forgotten
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Suppression(models.Model):
    """Somebody who must not be contacted, whoever imports them again; only a keyed hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    why = models.CharField(max_length=10, choices=WhySuppressed.choices)
    at = models.DateTimeField()


class WhyErased(models.TextChoices):
    """What made an erasure necessary."""

    ASKED = "asked"
    RETENTION = "retention"  # nothing was heard of them for longer than data are kept


class Erasure(models.Model):
    """Somebody is to be forgotten: a row that each store's worker carries out and signs.

    It names nobody. `stores` says when each was done; `finished_at` when all were.
    """

    lead_key = models.CharField(max_length=40, unique=True)  # of the row that stays, blank
    why = models.CharField(max_length=9, choices=WhyErased.choices)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    leads = models.JSONField(default=list)  # ids of the rows: the lead's and those merged into it
    log_at = models.DateTimeField(null=True)
    history_at = models.DateTimeField(null=True)
    scores_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    events = models.BigIntegerField(default=0)  # how many left the log


class ErasedSpan(models.Model):
    """A subject's events from `since` until `until` are to go; its number is all that is left."""

    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="spans")
    subject_id = models.BigIntegerField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
