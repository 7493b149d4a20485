"""Leads and companies, and by which names they are known when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from passerelle.apps.accounts.models import Team, User
from passerelle.apps.capture.models import Event, Subject
from passerelle.core.identity import ClaimKind, RefusalReason


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
    A lead that was merged into another keeps its key, which leads there. `anchor` is the known
    subject by which it is called, whatever else it is known by.
    """

    key = models.CharField(max_length=40, unique=True)
    anchor = models.OneToOneField(Subject, models.SET_NULL, null=True, related_name="lead")
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
            models.Index(fields=["email"], name="lead_by_email"),
            models.Index(fields=["name", "id"], name="lead_by_name"),
            models.Index(fields=["-last_seen_at", "id"], name="lead_by_last_seen"),
            models.Index(fields=["-created_at", "id"], name="lead_by_created"),
        ]


class LeadWord(models.Model):
    """A word by which a lead is found: of the name, the address, the company; folded."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="words", db_index=False)
    word = models.CharField(max_length=100, db_index=True)  # PostgreSQL: with an index for LIKE

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "word"], name="lead_word_once")
        ]


class Claim(models.Model):
    """What one event says about who is who (`core.identity.Claim`), repeats left out.

    Left out is what changes nothing: later repeats of a pair, and on a device those who are on
    it already. So the claims about a person stay few, and say the same as the whole log.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="claims")
    at = models.DateTimeField()
    message = models.CharField(max_length=130)  # source and message id of the event
    kind = models.CharField(max_length=5, choices=[(kind, kind) for kind in ClaimKind])
    first = models.ForeignKey(Subject, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="+", db_index=False)
    undoes = models.CharField(max_length=130, blank=True)  # the `message` of what is taken back

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["first", "kind"], name="claim_by_first"),
            models.Index(fields=["second", "kind"], name="claim_by_second"),
        ]


class Postponed(models.Model):
    """An arrival that could not be taken in, because of a bug; it is tried again later."""

    subject = models.ForeignKey(Subject, models.CASCADE)
    first_at = models.DateTimeField()
    again_at = models.DateTimeField()
    tries = models.IntegerField(default=1)
    called_at = models.DateTimeField(null=True)  # when it arrived again; a new failure clears it
    why = models.CharField(max_length=120)  # the kind of error, nothing of the person


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
    reason = models.CharField(max_length=40, choices=[(reason, reason) for reason in RefusalReason])
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


class ImportState(models.TextChoices):
    """How far an import has come."""

    MAPPING = "mapping"  # somebody says which column is what
    CHECKING = "checking"  # the worker reads the file
    READY = "ready"  # read; nothing is written before somebody says so
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"  # the file cannot be read
    STOPPED = "stopped"  # by a bug; what was written can be taken back


class Import(models.Model):
    """A file of prospects on its way in, or out again.

    `file` is there until it was read. `confirmed_at` is the time at which its rows happened.
    """

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ImportState.choices)
    file = models.BinaryField(null=True)
    columns = models.JSONField(default=list)  # name, example cells, guessed field
    mapping = models.JSONField(default=dict)  # column to field; an empty one is left out
    examples = models.JSONField(default=list)  # the first rows as they will be read
    rows = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    known = models.IntegerField(default=0)  # of these, leads already
    rejected = models.IntegerField(default=0)
    done = models.IntegerField(default=0)  # rows written, or taken back
    problem = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]


class ImportChunk(models.Model):
    """Some rows of an import, read and sound: each its line and its fields.

    Once they are written, what they said stands in the log alone, and here the id of the subject.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    rows = models.JSONField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "number"], name="import_chunk_once")
        ]


class ImportReject(models.Model):
    """A row or a cell of an import that was not taken as it is, and why."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rejects")
    line = models.IntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=20)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["of", "line"])]


from passerelle.apps.people.models_privacy import (  # noqa: E402, F401  # Django looks for them here
    Consent,
    ErasedSpan,
    Erasure,
    Suppression,
)
