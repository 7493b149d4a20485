"""Published agreements, the score of each lead with its reasons, and every move of a lead."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from passerelle.apps.accounts.models import User
from passerelle.apps.people.models import Lead


class PublishedAgreement(models.Model):
    """A version of the agreement; it decides from its publication until the next one's."""

    version = models.CharField(max_length=12)  # the hash of what is written
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.SET_NULL, null=True)
    rescored_at = models.DateTimeField(null=True)  # when everybody had been scored by it

    class Meta:
        ordering: ClassVar = ["-published_at"]


class Score(models.Model):
    """The score of a lead now, with its ledger.

    `entries` are the ledger's: level, kind, of, points (decimal text). `worths` are the rules':
    rule, granted, left, points, and the reasons of those that granted anything. `standing` is
    what the score alone says of the stage; `stage` is where the lead stands, by its transitions.
    """

    lead = models.OneToOneField(Lead, models.CASCADE, related_name="score")
    agreement = models.ForeignKey(PublishedAgreement, models.PROTECT)
    as_of = models.DateTimeField()
    total = models.DecimalField(max_digits=18, decimal_places=6)
    grade = models.CharField(max_length=20, blank=True)
    dimensions = models.JSONField(default=dict)
    entries = models.JSONField(default=list)
    worths = models.JSONField(default=list)
    standing = models.JSONField(default=dict)
    stage = models.CharField(max_length=60)
    stage_since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-total"]),
            models.Index(fields=["stage", "-total"]),
        ]


class Cause(models.TextChoices):
    """What moved a lead."""

    SCORE = "score"
    FAST_TRACK = "fast_track"
    DISQUALIFIED = "disqualified"
    RECYCLED = "recycled"
    QUALIFIED = "qualified"
    PERSON = "person"
    EXPIRED = "expired"  # a person's decision came to its end
    CRM = "crm"


class Transition(models.Model):
    """A lead moved. Rows are only ever added; the stage is the fold of them in order of id."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="transitions")
    from_stage = models.CharField(max_length=60, blank=True)  # empty: it became a lead
    to_stage = models.CharField(max_length=60)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    evidence = models.JSONField(default=dict)
    at = models.DateTimeField()  # from when it holds
    decided_at = models.DateTimeField()
    agreement = models.ForeignKey(PublishedAgreement, models.PROTECT)
    total = models.DecimalField(max_digits=18, decimal_places=6)
    by = models.ForeignKey(User, models.SET_NULL, null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "id"])]


class ScorePoint(models.Model):
    """The total and stage of a lead after each change, for the plot; reckoned anew on replay."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="points")
    at = models.DateTimeField()
    total = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "at"])]


class Night(models.Model):
    """A midnight of the agreement at which time acted on everybody."""

    midnight_at = models.DateTimeField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    changed = models.IntegerField(default=0)


class StageDecision(models.Model):
    """A person's word on where a lead stands, over the score's, until it expires or is lifted."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="decisions")
    stage = models.CharField(max_length=60)
    reason = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
