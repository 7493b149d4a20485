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
    TAKEN_BACK = "taken_back"  # what an import said that was undone


class Event(models.Model):
    """Something that happened. Rows are only ever added, but for erasure and retention.

    `subject` is the most telling name the event gives: user id, else e-mail address, else device;
    `device` is kept beside it when both are given. `properties` are the call's properties (page,
    screen, track), traits (identify, group) or details (act).
    """

    source = models.ForeignKey(Source, models.PROTECT, null=True, db_index=False)
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="events", db_index=False
    )  # the indexes below serve all three
    device = models.ForeignKey(
        Subject, models.PROTECT, null=True, related_name="device_events", db_index=False
    )
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
            models.Index(fields=["subject", "occurred_at"], name="event_of_subject"),
            models.Index(
                fields=["device", "occurred_at"],
                name="event_of_device",
                condition=models.Q(device__isnull=False),
            ),
            models.Index(fields=["source", "id"], name="event_of_source"),
        ]


class Arrival(models.Model):
    """News for `people`: events of this subject came in. Claimed and deleted by its worker."""

    subject = models.ForeignKey(Subject, models.CASCADE)
    identifying = models.BooleanField()  # something among them says who somebody is
    first_at = models.DateTimeField()  # the earliest time at which one of them happened


class Message(models.Model):
    """A message id that has been seen, so that a retry counts once.

    By days, so that only the present end of the index is written to, however long the log: the
    day is that of the time which the sender gave the event, and which a retry repeats; without
    such a time it is the day of receipt.
    """

    pk = models.CompositePrimaryKey("day", "digest")
    day = models.IntegerField()  # date.toordinal in UTC
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
            models.UniqueConstraint(fields=["source", "reason", "on"], name="drop_once"),
            models.UniqueConstraint(
                fields=["reason", "on"], condition=models.Q(source=None), name="unknown_drop_once"
            ),
        ]


class Intake(models.Model):
    """How many events of a source came into the log on one day."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="intakes")
    on = models.DateField()
    events = models.BigIntegerField(default=0)
    robots = models.BigIntegerField(default=0)  # of these
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "on"], name="intake_once")
        ]


class InboxRow(models.Model):
    """Requests that were acknowledged and are not yet in the log (PostgreSQL).

    With SQLite they stand in a file of their own; see `inbox_sqlite`.
    """

    events = models.IntegerField()
    body = models.BinaryField()


class InboxPosition(models.Model):
    """How far an inbox file was unpacked; written in the transaction that wrote its events."""

    inbox = models.CharField(max_length=32, primary_key=True)  # the file's own name for itself
    row = models.BigIntegerField()


class BlockedIdentity(models.Model):
    """A name whose events are refused: a keyed hash, so that it tells nothing of the person."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()


class Reclassified(models.Model):
    """News for copies of the log: it was found out later whether a robot did this event."""

    event = models.ForeignKey(Event, models.CASCADE)
    at = models.DateTimeField()
