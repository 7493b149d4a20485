"""What is done with accounts; the doors through which other apps come in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from passerelle.apps.accounts.invitations import (
    accept_invitation,
    first_administrator_link,
    invite,
    revoke_invitation,
)
from passerelle.apps.accounts.models import ApiToken, Role, Team, User
from passerelle.apps.accounts.refusals import Refused
from passerelle.apps.accounts.tokens import authenticate, create_token, revoke_token
from passerelle.apps.accounts.trail import record_deed

__all__ = [
    "Refused",
    "accept_invitation",
    "authenticate",
    "change_own",
    "change_user",
    "create_team",
    "create_token",
    "deactivate_user",
    "delete_team",
    "first_administrator_link",
    "invite",
    "reactivate_user",
    "record_deed",
    "rename_team",
    "reset_factor",
    "revoke_invitation",
    "revoke_token",
]


@transaction.atomic
def change_user(
    user: User, *, role: Role, team: Team | None, by: User, now: datetime
) -> Refused | None:
    """Give somebody another role or team; one administrator always remains."""
    if role != Role.ADMINISTRATOR and _is_last_administrator(user):
        return Refused.LAST_ADMINISTRATOR
    before = {"role": user.role, "team": user.team.key if user.team else None}
    after = {"role": str(role), "team": team.key if team else None}
    if before != after:
        User.objects.filter(pk=user.pk).update(role=role, team=team)
        changes = {
            part: [before[part], after[part]] for part in after if before[part] != after[part]
        }
        record_deed(by, "user.changed", subject=f"user:{user.pk}", details=changes, now=now)
    return None


def change_own(user: User, *, name: str, language: str, theme: str) -> None:
    """What somebody changes of themselves; nothing that gives rights, so nothing for the trail."""
    user.name, user.language, user.theme = name, language, theme
    user.save(update_fields=["name", "language", "theme"])


@transaction.atomic
def deactivate_user(user: User, *, by: User, now: datetime) -> Refused | None:
    """Shut somebody out at once: sessions end and tokens are revoked; what they did remains."""
    if _is_last_administrator(user):
        return Refused.LAST_ADMINISTRATOR
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        for session in UserSession.objects.filter(user=user):
            session.end()
        ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
        record_deed(by, "user.deactivated", subject=f"user:{user.pk}", now=now)
    return None


@transaction.atomic
def reactivate_user(user: User, *, by: User, now: datetime) -> None:
    """Let somebody sign in again, by the password they had; revoked tokens stay revoked."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record_deed(by, "user.reactivated", subject=f"user:{user.pk}", now=now)


@transaction.atomic
def reset_factor(user: User, *, by: User, now: datetime) -> None:
    """Take somebody's second factors away, who has lost them; they sign in by password alone."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if deleted:
        record_deed(by, "user.factor_reset", subject=f"user:{user.pk}", now=now)


@transaction.atomic
def create_team(name: str, *, by: User, now: datetime) -> Team | Refused:
    """A new team; its key is made from its name once and stays."""
    if Team.objects.filter(name__iexact=name).exists():
        return Refused.NAME_TAKEN
    base = slugify(name)[:50] or "team"
    taken = set(Team.objects.filter(key__startswith=base).values_list("key", flat=True))
    numbers = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    key = base if base not in taken else next(key for key in numbers if key not in taken)
    try:
        with transaction.atomic():
            team = Team.objects.create(key=key, name=name)
    except IntegrityError:  # somebody made the same at the same time
        return Refused.NAME_TAKEN
    record_deed(by, "team.created", subject=f"team:{team.key}", now=now)
    return team


@transaction.atomic
def rename_team(team: Team, name: str, *, by: User, now: datetime) -> Refused | None:
    """Call a team otherwise; its key stays."""
    if Team.objects.filter(name__iexact=name).exclude(pk=team.pk).exists():
        return Refused.NAME_TAKEN
    if team.name != name:
        Team.objects.filter(pk=team.pk).update(name=name)
        record_deed(by, "team.renamed", subject=f"team:{team.key}", now=now)
    return None


@transaction.atomic
def delete_team(team: Team, *, by: User, now: datetime) -> Refused | None:
    """Remove a team that nothing belongs to: its leads would else be seen by every team."""
    for relation in Team._meta.related_objects:  # noqa: SLF001  # Django's documented way
        rows: Any = relation.related_model
        if rows.objects.filter(**{relation.field.name: team}).exists():
            return Refused.TEAM_IN_USE
    record_deed(by, "team.deleted", subject=f"team:{team.key}", now=now)
    team.delete()
    return None


def _is_last_administrator(user: User) -> bool:
    # locked, so that two administrators who demote each other at once do not both succeed
    administrators = User.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, is_active=True
    )
    keys = set(administrators.values_list("pk", flat=True))
    return keys == {user.pk}
