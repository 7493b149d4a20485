"""Tokens for programs: one's own, and for administrators everybody's."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from passerelle.apps.accounts import actions, queries
from passerelle.apps.accounts.forms import TokenForm
from passerelle.apps.accounts.models import ApiToken
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.accounts.wording import here


@requires(Right.USE_API)
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, and a form for another; a new one is shown once, here."""
    user = signed_in(request)
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        lasts = timedelta(days=data["days"]) if data["days"] else None
        secret = actions.create_token(
            user, name=data["name"], scope=data["scope"], lasts=lasts, now=timezone.now()
        )
        form = TokenForm()
    context = {
        "form": form,
        "secret": secret,
        "tokens": queries.own_tokens(user),
        "others": queries.tokens_of_others(user) if may(user, Right.MANAGE_USERS) else [],
        "now": timezone.now(),
    }
    return render(request, "accounts/tokens.html", context)


@requires(Right.USE_API)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token worthless: one's own, or as an administrator anybody's."""
    user = signed_in(request)
    reachable = ApiToken.objects.all() if may(user, Right.MANAGE_USERS) else user.tokens.all()
    token = get_object_or_404(reachable, pk=pk)
    actions.revoke_token(token, by=user, now=timezone.now())
    messages.success(request, here("accounts.tokens.revoked", name=token.name))
    return redirect("accounts:tokens")
