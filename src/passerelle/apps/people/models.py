"""Leads and companies, and by which names they are known when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from passerelle.apps.accounts.models import Team, User
from passerelle.apps.capture.models import Event, Subject


class Company(models.Model):
    """A company, known by its domain, or by its name where no domain is known."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, null=True, unique=True)  # noqa: DJ001  # many have none
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField()


class Lead(models.Model):
    """Somebody who is known, or a prospect held before any interest.

    `fields` are the latest values, for tables; what they were when is reckoned from the log.
    A lead that was merged into another keeps its key, which leads there.
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="leads")
    team = models.ForeignKey(Team, models.SET_NULL, null=True)
    fields = models.JSONField(default=dict)
    source = models.CharField(max_length=60, blank=True)  # the channel of the first touch
    first_touch = models.JSONField(default=dict)
    last_touch = models.JSONField(default=dict)
    created_at = models.DateTimeField()  # when it became known, by event time
    last_seen_at = models.DateTimeField(null=True)
    is_prospect = models.BooleanField(default=False)  # imported, has shown no interest yet
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["email"]),
            models.Index(fields=["name"]),
            models.Index(fields=["-last_seen_at"]),
        ]


class Tie(models.Model):
    """A subject speaks for a lead, of what happened from `since` (included) until `until` (not)."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="ties")
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="ties")
    since = models.DateTimeField(null=True)  # none: from the beginning
    until = models.DateTimeField(null=True)  # none: from then on

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "since"])]


class Refusal(models.Model):
    """Why two subjects were not taken for one person, with the event that suggested it."""

    event = models.ForeignKey(Event, models.CASCADE)
    first = models.ForeignKey(Subject, models.CASCADE, related_name="+")
    second = models.ForeignKey(Subject, models.CASCADE, related_name="+", null=True)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField()


class Touched(models.Model):
    """News for `scoring`: a lead's log, fields or identity changed. Claimed and deleted there."""

    lead = models.ForeignKey(Lead, models.CASCADE)
    first_at = models.DateTimeField()  # the earliest time that changed
    at = models.DateTimeField()


class Note(models.Model):
    """What somebody wrote about a lead."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    text = models.TextField()
    at = models.DateTimeField()


class Tag(models.Model):
    """A word that people put on leads."""

    name = models.CharField(max_length=60, unique=True)
    leads = models.ManyToManyField(Lead, related_name="tags")
