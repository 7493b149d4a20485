"""Published agreements, the score of each lead, and every move of a lead."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from passerelle.apps.accounts.models import User
from passerelle.apps.people.models import Lead


class PublishedAgreement(models.Model):
    """A version of the agreement; it decides from its publication until the next one's."""

    version = models.CharField(max_length=12)  # the hash of what is written, signatures aside
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.SET_NULL, null=True)
    rescored_at = models.DateTimeField(null=True)  # when everybody had been scored by it

    class Meta:
        ordering: ClassVar = ["-published_at", "-id"]


class Score(models.Model):
    """The score of a lead as it was last reckoned.

    Points are rounded to the millionth. `dimensions` are points by dimension; `worths` what each
    rule that matters granted, what time left of it, and what its lines left of that; `standing`
    is what the score alone says of the stage. `stage` is where the lead stands, by its moves, of
    which there have been so many. A night that changes nothing leaves `as_of` as it was. The ledger
    entry by entry, with the events behind it, is reckoned from the log when somebody asks.
    """

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="score")
    agreement = models.ForeignKey(PublishedAgreement, models.PROTECT)
    as_of = models.DateTimeField()
    total = models.DecimalField(max_digits=18, decimal_places=6)
    grade = models.CharField(max_length=20, blank=True)
    dimensions = models.JSONField(default=dict)
    worths = models.JSONField(default=dict)
    standing = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=32)  # of the figures
    stage = models.CharField(max_length=60)
    stage_since = models.DateTimeField()
    moves = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-total", "lead"], name="score_by_total"),
            models.Index(fields=["stage", "-total", "lead"], name="score_by_stage"),
            models.Index(fields=["-stage_since", "lead"], name="score_by_since"),
        ]


class Cause(models.TextChoices):
    """What moved a lead; `core.lifecycle.Cause` with a place in the database."""

    SCORE = "score"
    FAST_TRACK = "fast_track"
    DISQUALIFIED = "disqualified"
    RECYCLED = "recycled"
    QUALIFIED = "qualified"
    PERSON = "person"
    EXPIRED = "expired"  # a person's decision came to its end
    CRM = "crm"


class Transition(models.Model):
    """A lead moved. Rows are only ever added; the stage is the fold of them in order of number."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="transitions")
    number = models.PositiveIntegerField()  # 1 is the lead's first
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
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "number"], name="transition_once"),
            models.CheckConstraint(
                condition=~Q(from_stage=F("to_stage")) & ~Q(to_stage=""), name="transition_moves"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["decided_at"], name="transition_decided")]


class Night(models.Model):
    """A midnight of the agreement at which time acted on everybody."""

    midnight_at = models.DateTimeField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    changed = models.IntegerField(default=0)


class StageDecision(models.Model):
    """A person's word on where a lead stands, over the score's, until it expires or is lifted.

    `ended_at` is set when it is lifted or replaced, and when its expiry was acted upon.
    """

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="decisions")
    stage = models.CharField(max_length=60)
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.PERSON)
    reason = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ended_at=None), name="one_open_decision"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], condition=Q(ended_at=None), name="decision_to_expire")
        ]
