"""What Passerelle does otherwise than django-allauth: nobody signs up, what is done is audited."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import force_bytes

from passerelle.apps.accounts.addresses import client_address
from passerelle.apps.accounts.invitations import accept_invitation, invited
from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.trail import record_deed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it ships no types
    """Signing in by address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's
        """Never: people are invited."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that throttling counts by."""
        return client_address(request)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Write into the trail that somebody came in."""
        response: HttpResponse = super().post_login(request, user, **how)
        record_deed(user, "session.started", subject=f"user:{user.pk}", now=timezone.now())
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write into the trail that somebody was refused; not what they typed.

        Throttling bounds how many rows an attacker can make.
        """
        super().authentication_failed(request, **credentials)
        address = str(credentials.get("email") or "").strip().lower()
        user = User.objects.filter(email=address).first() if address else None
        subject = f"user:{user.pk}" if user else ""
        record_deed(None, "session.refused", subject=subject, now=timezone.now())

    def set_password(self, user: User, password: str) -> None:
        """Write into the trail that a password was changed."""
        super().set_password(user, password)
        record_deed(user, "user.password_changed", subject=f"user:{user.pk}", now=timezone.now())


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """Second factors: their secrets are encrypted, so that a copy of the database gives none."""

    def encrypt(self, text: str) -> str:
        """What is kept of a factor's secret."""
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A factor's secret; an old key of the installation opens it, too."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return _box(key).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        return ""  # no code is ever right; an administrator can take the factor away

    def send_notification_mail(self, template_prefix: str, user: User, **how: Any) -> None:
        """Tell the person, and write into the trail, that a factor was added or taken away."""
        super().send_notification_mail(template_prefix, user, **how)
        deed = template_prefix.rpartition("/")[2]  # totp_activated, recovery_codes_generated …
        record_deed(user, f"factor.{deed}", subject=f"user:{user.pk}", now=timezone.now())


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Signing in at the company's own provider: for users and for those who are invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002  # allauth's
        """Never: who has an invitation has been let in by `pre_social_login` already."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who comes first with an invited address that the provider vouches for."""
        if sociallogin.is_existing:
            return
        now = timezone.now()
        for address in sociallogin.email_addresses:
            user = _newcomer(address, sociallogin, now=now) if address.verified else None
            if user is not None:
                sociallogin.connect(request, user)
                return


def _newcomer(address: EmailAddress, login: SocialLogin, *, now: Any) -> User | None:
    invitation = invited(address.email, now)
    if invitation is None:
        return None
    told = login.account.extra_data
    said = [part.get("name") for part in (told.get("userinfo"), told.get("id_token"), told) if part]
    name = next((str(one) for one in said if one), "")
    user = accept_invitation(invitation, name=name[:120], password=None, now=now)
    return user if isinstance(user, User) else None


def _box(key: str | bytes) -> Fernet:
    digest = hashlib.blake2b(force_bytes(key), digest_size=32, person=b"second factors").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
