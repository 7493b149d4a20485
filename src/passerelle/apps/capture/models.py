"""The log: sources and their keys, who sends, what happened, what was dropped and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Source(models.Model):
    """A site, an application or a program that sends events."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    origins = models.JSONField(default=list)  # sites whose browsers may send; none: any
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class WriteKey(models.Model):
    """A key that lets a source write; it stands in public pages, so it opens nothing else."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class SubjectKind(models.TextChoices):
    """By what somebody is known."""

    DEVICE = "device"  # the anonymous id of a browser or an application
    USER = "user"  # the id that the sender's own system gives a person
    EMAIL = "email"


class Subject(models.Model):
    """One device, user id or e-mail address that events name; who it is, `people` says."""

    kind = models.CharField(max_length=8, choices=SubjectKind.choices)
    value = models.CharField(max_length=255)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "value"], name="subject_once")
        ]


class EventKind(models.TextChoices):
    """The calls of the Segment spec, and what people do in Passerelle itself."""

    PAGE = "page"
    SCREEN = "screen"
    TRACK = "track"
    IDENTIFY = "identify"
    GROUP = "group"
    ALIAS = "alias"
    ACT = "act"


class Robot(models.TextChoices):
    """Who it was when it was nobody: such events are kept and not scored."""

    NONE = ""
    BOT = "bot"  # a crawler that says so, or a browser that nobody holds
    SCANNER = "scanner"  # a vulnerability or uptime scanner
    MAIL_SECURITY = "mail_security"  # opens and clicks by a mail gateway


class Event(models.Model):
    """Something that happened. Rows are only ever added, but for erasure and retention.

    `subject` is the most telling name the event gives: user id, else e-mail address, else device;
    `device` is kept beside it when both are given. `properties` are the call's properties (page,
    screen, track), traits (identify, group) or details (act).
    """

    source = models.ForeignKey(Source, models.PROTECT, null=True)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="events")
    device = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="device_events")
    kind = models.CharField(max_length=8, choices=EventKind.choices)
    name = models.CharField(max_length=120)  # as agreements call it: demo_requested
    message_id = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    robot = models.CharField(max_length=13, choices=Robot.choices, blank=True)
    classifier = models.SmallIntegerField(default=0)  # version of the rules that said so
    properties = models.JSONField(default=dict)
    context = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "occurred_at"], name="event_of_subject")
        ]


class Arrival(models.Model):
    """News for `people`: events of this subject came in. Claimed and deleted by its worker."""

    subject = models.ForeignKey(Subject, models.CASCADE)
    identifying = models.BooleanField()  # something among them says who somebody is
    first_at = models.DateTimeField()  # the earliest time at which one of them happened


class Message(models.Model):
    """A message id that has been seen, by day of receipt, so that a retry counts once."""

    pk = models.CompositePrimaryKey("day", "digest")
    day = models.IntegerField()  # date.toordinal of the day of receipt in UTC
    digest = models.BigIntegerField()  # 64 bits of the hash of source and message id


class Drop(models.Model):
    """How many events of a source were dropped for one reason on one day, with samples."""

    source = models.ForeignKey(Source, models.CASCADE, null=True)
    reason = models.CharField(max_length=40)
    on = models.DateField()
    count = models.BigIntegerField(default=0)
    samples = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "reason", "on"], name="drop_once", nulls_distinct=False
            )
        ]
