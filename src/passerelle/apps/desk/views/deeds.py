"""What people do to one lead: notes, tags, fields, stage, merges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.views.lead import visible_lead
from passerelle.apps.people import actions as people
from passerelle.apps.people.models import Claim, Lead
from passerelle.apps.scoring import actions as scoring
from passerelle.apps.scoring.models import StageDecision
from passerelle.apps.shell.language import current_language
from passerelle.words import say

_TOLD = {"no_reason", "until_is_past", "reason_too_long", "no_agreement"}


@require_POST
@requires(Right.CHANGE_LEADS)
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Write a note."""
    user, now = signed_in(request), datetime.now(UTC)
    one, text = visible_lead(user, key), request.POST.get("text", "")
    return _did(request, one, lambda: people.add_note(user, one, text, now=now))


@require_POST
@requires(Right.CHANGE_LEADS)
def tag(request: HttpRequest, key: str) -> HttpResponse:
    """Put a tag on the lead, or take one off."""
    user, now = signed_in(request), datetime.now(UTC)
    one = visible_lead(user, key)
    if off := request.POST.get("off"):
        return _did(request, one, lambda: people.untag(user, [one], off, now=now))
    name = request.POST.get("tag", "")
    return _did(request, one, lambda: people.tag(user, [one], name, now=now))


@require_POST
@requires(Right.CHANGE_LEADS)
def field(request: HttpRequest, key: str) -> HttpResponse:
    """Correct a field: what it holds from now on."""
    user, now = signed_in(request), datetime.now(UTC)
    one, agreement = visible_lead(user, key), agreement_in_force()
    name, value = request.POST.get("field", ""), request.POST.get("value", "").strip()
    known = {} if agreement is None else agreement.known_fields
    said = {name: value} if name in known else {}
    done = say("desk.field.done", current_language())
    return _did(
        request, one, lambda: people.set_fields(user, one, said, now=now), done=done, tab="profile"
    )


@require_POST
@requires(Right.MERGE_LEADS)
def merge(request: HttpRequest, key: str) -> HttpResponse:
    """Take another lead for the same person."""
    user, now = signed_in(request), datetime.now(UTC)
    one, other = visible_lead(user, key), visible_lead(user, request.POST.get("other", ""))
    done = say("desk.merge.done", current_language())
    return _did(
        request,
        one,
        lambda: people.merge_leads(user, one, other, now=now),
        done=done,
        tab="profile",
    )


@require_POST
@requires(Right.MERGE_LEADS)
def undo_merge(request: HttpRequest, key: str) -> HttpResponse:
    """Take a merge back, as if it had never been."""
    user, now = signed_in(request), datetime.now(UTC)
    one = visible_lead(user, key)
    merged = get_object_or_404(Lead, key=request.POST.get("other", ""), merged_into=one)
    done = say("desk.merge.undone", current_language())
    return _did(
        request, one, lambda: people.undo_merge(user, merged, now=now), done=done, tab="profile"
    )


@require_POST
@requires(Right.MERGE_LEADS)
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Take back what somebody said about who is who."""
    user, now = signed_in(request), datetime.now(UTC)
    one = visible_lead(user, key)
    theirs = list(one.ties.values_list("subject", flat=True))
    said = request.POST.get("claim", "")
    claim = get_object_or_404(
        Claim, pk=int(said) if said.isdigit() and len(said) < 19 else 0, first__in=theirs
    )
    done = say("desk.merge.undone", current_language())
    return _did(
        request, one, lambda: people.take_back(user, claim, now=now), done=done, tab="profile"
    )


@require_POST
@requires(Right.MOVE_LEADS)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Set the lead's stage by hand, with a reason and perhaps an end; or lift that again."""
    user, now, language = signed_in(request), datetime.now(UTC), current_language()
    one = visible_lead(user, key)
    try:
        if request.POST.get("lift"):
            decision = StageDecision.objects.filter(lead=one, ended_at=None).first()
            if decision is not None:
                scoring.lift_decision(user, decision, now=now)
            messages.success(request, say("desk.move.lifted", language))
        else:
            _set_stage(request, user, one, now)
            messages.success(request, say("desk.move.done", language))
    except scoring.Refused as refused:
        code = refused.code if refused.code in _TOLD else "unclear"
        most = scoring.LONGEST_REASON
        messages.error(request, say(f"desk.move.refused.{code}", language, most=most))
    return redirect("desk:lead", one.key)


def _did(
    request: HttpRequest,
    one: Lead,
    deed: Callable[[], object],
    *,
    done: str = "",
    tab: str = "",
) -> HttpResponse:
    """Do it, say so or what was in the way, and go back to the lead, where it still is one."""
    try:
        deed()
    except people.CannotBeDone as impossible:
        messages.error(request, impossible.says(current_language()))
    else:
        if done:
            messages.success(request, done)
    response = redirect("desk:lead", one.key)
    if tab:
        response["Location"] += f"?tab={tab}"
    return response


def _set_stage(request: HttpRequest, user: User, one: Lead, now: datetime) -> None:
    agreement, said = agreement_in_force(), request.POST.get("until", "")
    until = None
    if said and agreement is not None:
        on = _date(said)
        if on is None:
            raise scoring.Refused("until_is_past")
        until = datetime.combine(on, time(), agreement.zone).astimezone(UTC)
    scoring.set_stage(
        user,
        one,
        stage=request.POST.get("stage", ""),
        reason=request.POST.get("reason", ""),
        until=until,
        now=now,
    )


def _date(said: str) -> date | None:
    try:
        return parse_date(said)
    except ValueError:
        return None
