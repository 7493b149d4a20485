"""Tokens for programs: shown once, kept as hashes, never reaching further than their owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from passerelle.apps.accounts.links import hash_of, new_secret
from passerelle.apps.accounts.models import ApiToken, Scope, User
from passerelle.apps.accounts.trail import record_deed

PREFIX = "psr_"
SHOWN = 10
"""How many characters of a token stand in lists, for people to tell them apart."""
_USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    user: User, *, name: str, scope: Scope, lasts: timedelta | None = None, now: datetime
) -> str:
    """A new token, to be shown this once."""
    secret = new_secret(PREFIX)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        hash=hash_of(secret),
        scope=scope,
        created_at=now,
        expires_at=now + lasts if lasts else None,
    )
    record_deed(
        user, "token.created", subject=f"token:{token.pk}", details={"scope": scope}, now=now
    )
    return secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, now: datetime) -> None:
    """Make a token worthless, for ever."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        record_deed(by, "token.revoked", subject=f"token:{token.pk}", now=now)


def authenticate(request: HttpRequest, *, now: datetime) -> ApiToken | None:
    """The token that a request bears (`Authorization: Bearer …`), with its user, if it is good."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .filter(hash=hash_of(secret.strip()), revoked_at=None, user__is_active=True)
        .first()
    )
    if token is not None and (token.used_at is None or now - token.used_at >= _USED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token
