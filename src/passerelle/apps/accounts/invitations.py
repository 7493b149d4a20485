"""How people come in: by an invitation, and the very first by a link that the service prints."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from passerelle.apps.accounts.links import hash_of, new_secret
from passerelle.apps.accounts.models import Invitation, Role, Team, User
from passerelle.apps.accounts.refusals import Refused
from passerelle.apps.accounts.trail import record_deed

INVITATION_LASTS = timedelta(days=7)
BEGINNING_LASTS = timedelta(hours=24)


@transaction.atomic
def first_administrator_link(now: datetime) -> str | None:
    """The secret of a link that makes the first administrator; none when there is one.

    An earlier link stops working: the newest one printed is the one that counts.
    """
    if has_administrator():
        return None
    open_invitations(now).filter(email="").update(revoked_at=now)
    return _invite("", role=Role.ADMINISTRATOR, now=now, lasts=BEGINNING_LASTS)


@transaction.atomic
def invite(
    email: str, *, role: Role, team: Team | None, language: str, by: User, now: datetime
) -> str | Refused:
    """Invite somebody; the secret of the link, which is to be had only now.

    Inviting the same address again replaces the earlier invitation.
    """
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        return Refused.ALREADY_A_USER
    open_invitations(now).filter(email=email).update(revoked_at=now)
    secret = _invite(
        email, role=role, now=now, lasts=INVITATION_LASTS, team=team, language=language, by=by
    )
    record_deed(by, "user.invited", details={"role": role}, now=now)
    return secret


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make an invitation's link worthless."""
    changed = open_invitations(now).filter(pk=invitation.pk).update(revoked_at=now)
    if changed:
        record_deed(by, "invitation.revoked", subject=f"invitation:{invitation.pk}", now=now)


def open_invitation(secret: str, now: datetime) -> Invitation | None:
    """The invitation that a link opens, if it still does."""
    return open_invitations(now).filter(hash=hash_of(secret)).first()


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    name: str,
    password: str | None,
    email: str = "",
    language: str = "",
    now: datetime,
) -> User | Refused:
    """Make the user who was invited. The link works once, also when two use it at once.

    `email` is asked of the first administrator alone. Without a password the person signs in by
    single sign-on.
    """
    address = invitation.email or email.strip().lower()
    taken = open_invitations(now).filter(pk=invitation.pk).update(accepted_at=now)
    if not taken or (not invitation.email and has_administrator()):
        return Refused.BAD_LINK
    if User.objects.filter(email=address).exists():
        transaction.set_rollback(True)
        return Refused.ALREADY_A_USER
    user = User.objects.create_user(
        address,
        password,
        name=name,
        role=invitation.role,
        team=invitation.team,
        language=language or invitation.language,
        created_at=now,
    )
    # the link was sent there, or printed on the machine itself: the address needs no other proof
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    record_deed(
        user, "user.joined", subject=f"user:{user.pk}", details={"role": user.role}, now=now
    )
    return user


def invited(email: str, now: datetime) -> Invitation | None:
    """The open invitation of an address, for those who come by single sign-on."""
    address = email.strip().lower()
    return open_invitations(now).filter(email=address).first() if address else None


def has_administrator() -> bool:
    """Whether somebody can sign in who may invite others."""
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def open_invitations(now: datetime) -> QuerySet[Invitation]:
    """Invitations that still work."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


def _invite(
    email: str,
    *,
    role: Role,
    now: datetime,
    lasts: timedelta,
    team: Team | None = None,
    language: str = "",
    by: User | None = None,
) -> str:
    secret = new_secret()
    Invitation.objects.create(
        email=email,
        role=role,
        team=team,
        language=language,
        hash=hash_of(secret),
        invited_by=by,
        created_at=now,
        expires_at=now + lasts,
    )
    return secret
