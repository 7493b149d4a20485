"""Users: invite them, give them roles and teams, shut them out."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from passerelle.apps.accounts import actions, queries
from passerelle.apps.accounts.actions import Refused
from passerelle.apps.accounts.forms import InvitationForm, UserForm
from passerelle.apps.accounts.models import Invitation, User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.accounts.wording import here
from passerelle.words import LANGUAGES, say

log = logging.getLogger(__name__)


@requires(Right.MANAGE_USERS)
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """Everybody, and who has been invited."""
    context = {
        "users": queries.users(),
        "invitations": queries.pending_invitations(timezone.now()),
    }
    return render(request, "accounts/users.html", context)


@requires(Right.MANAGE_USERS)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: by mail, and by a link to hand over, shown this once."""
    form = InvitationForm(request.POST or None, initial={"language": settings.LANGUAGE_CODE})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/invite.html", {"form": form})
    data = form.cleaned_data
    secret = actions.invite(
        data["email"],
        role=data["role"],
        team=data["team"],
        language=data["language"],
        by=signed_in(request),
        now=timezone.now(),
    )
    if isinstance(secret, Refused):
        form.add_error("email", here(f"accounts.refused.{secret}"))
        return render(request, "accounts/invite.html", {"form": form})
    link = _address(request, reverse("accounts:join", args=[secret]))
    sent = _send(data["email"], link, data["language"])
    return render(
        request, "accounts/invited.html", {"email": data["email"], "link": link, "sent": sent}
    )


@requires(Right.MANAGE_USERS)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, pk=pk)
    actions.revoke_invitation(invitation, by=signed_in(request), now=timezone.now())
    messages.success(request, here("accounts.users.revoked"))
    return redirect("accounts:users")


@requires(Right.MANAGE_USERS)
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One user: role and team."""
    person = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, initial={"role": person.role, "team": person.team})
    if request.method == "POST" and form.is_valid():
        refused = actions.change_user(
            person,
            role=form.cleaned_data["role"],
            team=form.cleaned_data["team"],
            by=signed_in(request),
            now=timezone.now(),
        )
        if refused is None:
            messages.success(request, here("accounts.users.changed", name=str(person)))
            return redirect("accounts:users")
        form.add_error(None, here(f"accounts.refused.{refused}"))
    return render(request, "accounts/user.html", {"form": form, "person": person})


@requires(Right.MANAGE_USERS)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut somebody out."""
    person = get_object_or_404(User, pk=pk)
    refused = actions.deactivate_user(person, by=signed_in(request), now=timezone.now())
    if refused:
        messages.error(request, here(f"accounts.refused.{refused}"))
    else:
        messages.success(request, here("accounts.users.deactivated", name=str(person)))
    return redirect("accounts:users")


@requires(Right.MANAGE_USERS)
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again."""
    person = get_object_or_404(User, pk=pk)
    actions.reactivate_user(person, by=signed_in(request), now=timezone.now())
    messages.success(request, here("accounts.users.reactivated", name=str(person)))
    return redirect("accounts:users")


@requires(Right.MANAGE_USERS)
@require_POST
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second factor of somebody who has lost it."""
    person = get_object_or_404(User, pk=pk)
    actions.reset_factor(person, by=signed_in(request), now=timezone.now())
    messages.success(request, here("accounts.users.factor_reset", name=str(person)))
    return redirect("accounts:user", pk=person.pk)


def _address(request: HttpRequest, path: str) -> str:
    return (
        f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )


def _send(email: str, link: str, chosen: str) -> bool:
    """Send the invitation; whether that went well. If not, the link can be handed over by hand."""
    language = next(language for language in LANGUAGES if language == chosen)
    try:
        return bool(
            send_mail(
                say("accounts.invitation.subject", language),
                say("accounts.invitation.text", language, link=link),
                None,
                [email],
            )
        )
    except (OSError, SMTPException) as fault:
        log.warning("invitation not sent", extra={"fault": type(fault).__name__})
        return False
