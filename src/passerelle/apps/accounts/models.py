"""People who sign in, how they are invited, their teams, their tokens, and the trail they leave."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models

from passerelle.apps.accounts.registration import UserManager
from passerelle.words import LANGUAGES


class Role(models.TextChoices):
    """What somebody is here to do; it says what they may see and change."""

    MARKETING = "marketing"
    SDR = "sdr"
    EXECUTIVE = "executive"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Team(models.Model):
    """People who share leads; a lead of a team is seen by that team, marketing and managers."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MARKETING)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="members")
    language = models.CharField(
        max_length=2, choices=[(code, code) for code in LANGUAGES], blank=True
    )
    theme = models.CharField(
        max_length=5, choices=[("light", "light"), ("dark", "dark")], blank=True
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Invitation(models.Model):
    """A link by which somebody becomes a user, once and for a while; only its hash is kept."""

    email = models.EmailField(blank=True)  # none: the first administrator's, who says it then
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=2, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Scope(models.TextChoices):
    """How far a token reaches; never further than the role of whom it belongs to."""

    READ = "read"
    WRITE = "write"


class ApiToken(models.Model):
    """A key for programs; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """Who did what to which thing, and when; written in the transaction that did it."""

    at = models.DateTimeField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="deeds")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"]),
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["user", "at"]),
            models.Index(fields=["action", "at"]),
        ]
