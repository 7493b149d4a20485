"""What is asked about accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from passerelle.apps.accounts.invitations import open_invitations
from passerelle.apps.accounts.models import ApiToken, AuditEntry, Invitation, Team, User


def users() -> QuerySet[User]:
    """Everybody who has an account, those who may sign in first."""
    return User.objects.select_related("team").order_by("-is_active", "name", "email")


def teams() -> QuerySet[Team]:
    """Every team, by name."""
    return Team.objects.prefetch_related("members").order_by("name")


def pending_invitations(now: datetime) -> QuerySet[Invitation]:
    """Invitations of people who have not come yet; the first administrator's is none of them."""
    return open_invitations(now).exclude(email="").select_related("team").order_by("-created_at")


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """Somebody's tokens, those that work first."""
    return user.tokens.order_by("revoked_at", "-created_at")


def tokens_of_others(user: User) -> QuerySet[ApiToken]:
    """Everybody else's tokens that still work, for who may revoke them."""
    working = ApiToken.objects.filter(revoked_at=None).exclude(user=user)
    return working.select_related("user").order_by("user__email", "-created_at")


def audit_trail(
    *,
    user: User | None = None,
    action: str = "",
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The trail, newest first; `action` may be a whole area (`lead`), days are as pages show."""
    entries = AuditEntry.objects.select_related("user").order_by("-pk")
    if user is not None:
        entries = entries.filter(user=user)
    if action:
        entries = entries.filter(action__startswith=action)
    if subject:
        entries = entries.filter(subject__startswith=subject)
    if since is not None:
        entries = entries.filter(at__gte=_midnight(since))
    if until is not None and until < date.max:
        entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
    return entries


def names_of_subjects(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """What the users among the subjects of deeds are called now."""
    keys = {e.subject.removeprefix("user:") for e in entries if e.subject.startswith("user:")}
    found: Any = User.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {f"user:{user.pk}": str(user) for user in found}


def _midnight(day: date) -> datetime:
    """The beginning of a day in the zone in which pages show times; far-off days are all alike."""
    near = min(max(day, date(1970, 1, 2)), date(9000, 1, 1))
    return timezone.make_aware(datetime.combine(near, time()))
