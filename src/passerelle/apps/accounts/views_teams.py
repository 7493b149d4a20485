"""Teams: who shares leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from passerelle.apps.accounts import actions, queries
from passerelle.apps.accounts.actions import Refused
from passerelle.apps.accounts.forms import TeamForm
from passerelle.apps.accounts.models import Team
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.accounts.wording import here


@requires(Right.MANAGE_USERS)
def teams(request: HttpRequest) -> HttpResponse:
    """Every team, and a form for another."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        team = actions.create_team(name, by=signed_in(request), now=timezone.now())
        if not isinstance(team, Refused):
            messages.success(request, here("accounts.teams.created", name=name))
            return redirect("accounts:teams")
        form.add_error("name", here(f"accounts.refused.{team}"))
    return render(request, "accounts/teams.html", {"form": form, "teams": queries.teams()})


@requires(Right.MANAGE_USERS)
def team(request: HttpRequest, key: str) -> HttpResponse:
    """One team: its name, its people."""
    chosen = get_object_or_404(Team, key=key)
    form = TeamForm(request.POST or None, initial={"name": chosen.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        refused = actions.rename_team(chosen, name, by=signed_in(request), now=timezone.now())
        if refused is None:
            messages.success(request, here("accounts.teams.renamed", name=name))
            return redirect("accounts:teams")
        form.add_error("name", here(f"accounts.refused.{refused}"))
    return render(request, "accounts/team.html", {"form": form, "team": chosen})


@requires(Right.MANAGE_USERS)
@require_POST
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a team that nothing belongs to."""
    chosen = get_object_or_404(Team, key=key)
    refused = actions.delete_team(chosen, by=signed_in(request), now=timezone.now())
    if refused:
        messages.error(request, here(f"accounts.refused.{refused}"))
    else:
        messages.success(request, here("accounts.teams.deleted", name=chosen.name))
    return redirect("accounts:teams")
