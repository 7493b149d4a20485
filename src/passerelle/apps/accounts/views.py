"""Coming in by a link, and one's own account."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from passerelle.apps.accounts.actions import Refused, accept_invitation, change_own
from passerelle.apps.accounts.forms import JoinForm, OwnForm
from passerelle.apps.accounts.invitations import open_invitation
from passerelle.apps.accounts.models import Invitation
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.accounts.wording import here
from passerelle.apps.shell.language import current_language


@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Become a user by a link: an invitation's, or the first administrator's."""
    invitation = open_invitation(token, timezone.now())
    if invitation is None:
        return _refuse(request, Refused.BAD_LINK)
    if invitation.language and request.method == "GET":
        translation.activate(invitation.language)
    form = JoinForm(
        request.POST or None,
        invitation=invitation,
        initial={"language": invitation.language or current_language()},
    )
    if request.method == "POST" and form.is_valid():
        return _join(request, invitation, form)
    return render(request, "accounts/join.html", {"form": form, "invitation": invitation})


def _join(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponseBase:
    data = form.cleaned_data
    user = accept_invitation(
        invitation,
        name=data["name"],
        email=data.get("email", ""),
        password=data["password"],
        language=data["language"],
        now=timezone.now(),
    )
    if isinstance(user, Refused):
        return _refuse(request, user)
    response: HttpResponseBase = perform_login(request, user, email_verification="none")
    return response


def _refuse(request: HttpRequest, refused: Refused) -> HttpResponse:
    context = {"reason": here(f"accounts.refused.{refused}")}
    return render(request, "accounts/bad_link.html", context, status=410)


@requires(Right.OWN_ACCOUNT)
def me(request: HttpRequest) -> HttpResponse:
    """Name, language, looks; the ways to password, second factor, sessions, tokens."""
    user = signed_in(request)
    own = {"name": user.name, "language": user.language or current_language(), "theme": user.theme}
    form = OwnForm(request.POST or None, initial=own)
    if request.method == "POST" and form.is_valid():
        change_own(user, **form.cleaned_data)
        response = redirect("accounts:me")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=365 * 86_400,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
        translation.activate(user.language)
        messages.success(request, here("accounts.me.saved"))
        return response
    context = {
        "form": form,
        "has_factor": is_mfa_enabled(user),
        "may_use_api": may(user, Right.USE_API),
    }
    return render(request, "accounts/me.html", context)
