"""One lead: where it stands and why, what happened, what is known, what can be done."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_GET, require_POST

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.happenings import KINDS, Kind, happenings_of
from passerelle.apps.desk.ledger import ledger_of
from passerelle.apps.desk.notes import NOTE_LONGEST, add_note, tag_lead, untag_lead
from passerelle.apps.desk.plotting import plot_of
from passerelle.apps.desk.reckoned import reckoned, revisited
from passerelle.apps.desk.stages import stage_mark, steps
from passerelle.apps.people.models import Lead, Refusal
from passerelle.apps.people.queries import visible_leads
from passerelle.apps.scoring import actions as scoring
from passerelle.apps.scoring.models import Score, StageDecision
from passerelle.apps.scoring.queries import stages_to_choose
from passerelle.apps.shell.language import current_language
from passerelle.core.agreement import Agreement
from passerelle.core.standing import rank
from passerelle.words import say

TABS = ("overview", "timeline", "score", "profile")
_RECENT = 12


@require_GET
@requires(Right.SEE_LEADS)
def lead(request: HttpRequest, key: str) -> HttpResponse:
    """The lead's page, on one of its tabs."""
    user, now = cast(User, request.user), datetime.now(UTC)
    one = get_object_or_404(Lead.objects.select_related("merged_into"), key=key)
    if one.merged_into is not None:
        return redirect("desk:lead", _survivor(one).key)
    one = _visible(user, key)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    agreement = agreement_in_force()
    context = _head(one, agreement, user, now) | {"tab": tab, "tabs": _tabs()}
    part = {"overview": _overview, "timeline": _timeline, "score": _score, "profile": _profile}
    context |= part[tab](request, one, agreement, now)
    return render(request, f"desk/lead_{tab}.html", context)


@require_GET
@requires(Right.SEE_LEADS)
def ahead(request: HttpRequest, key: str) -> HttpResponse:
    """Why not yet, what would change it, until when: asked for once the page stands."""
    one, now = _visible(cast(User, request.user), key), datetime.now(UTC)
    agreement = agreement_in_force()
    if agreement is None:
        raise Http404
    told = reckoned(one, agreement, now=now).ahead(current_language())
    return render(request, "desk/lead_ahead.html", {"ahead": told})


@require_GET
@requires(Right.SEE_LEADS)
def older(request: HttpRequest, key: str) -> HttpResponse:
    """The next stretch of the timeline."""
    one, now = _visible(cast(User, request.user), key), datetime.now(UTC)
    context = {"lead": one, "now": now} | _timeline(request, one, agreement_in_force(), now)
    return render(request, "desk/happenings.html", context)


@require_POST
@requires(Right.CHANGE_LEADS)
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Write a note."""
    user = cast(User, request.user)
    one, text = _visible(user, key), request.POST.get("text", "").strip()
    if not text or len(text) > NOTE_LONGEST:
        messages.error(request, say("desk.note.bounds", current_language(), most=NOTE_LONGEST))
    else:
        add_note(user, one, text=text, now=datetime.now(UTC))
    return redirect("desk:lead", one.key)


@require_POST
@requires(Right.CHANGE_LEADS)
def tag(request: HttpRequest, key: str) -> HttpResponse:
    """Put a tag on the lead, or take one off."""
    user, now = cast(User, request.user), datetime.now(UTC)
    one = _visible(user, key)
    name = " ".join(request.POST.get("tag", "").split())[:60]
    if off := request.POST.get("off"):
        untag_lead(user, one, name=off, now=now)
    elif name:
        tag_lead(user, one, name=name, now=now)
    return redirect("desk:lead", one.key)


@require_POST
@requires(Right.MOVE_LEADS)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Set the lead's stage by hand, with a reason and perhaps an end; or lift that again."""
    user, now, language = cast(User, request.user), datetime.now(UTC), current_language()
    one = _visible(user, key)
    decision = StageDecision.objects.filter(lead=one, ended_at=None).first()
    try:
        if request.POST.get("lift"):
            if decision is not None:
                scoring.lift_decision(user, decision, now=now)
            messages.success(request, say("desk.move.lifted", language))
        else:
            _set_stage(request, user, one, now)
            messages.success(request, say("desk.move.done", language))
    except scoring.Refused as refused:
        messages.error(request, _refusal(refused))
    return redirect("desk:lead", one.key)


def _refusal(refused: scoring.Refused) -> str:
    known = {"no_reason", "until_is_past", "reason_too_long", "no_agreement"}
    code = refused.code if refused.code in known else "other"
    return say(f"desk.move.refused.{code}", current_language(), most=scoring.LONGEST_REASON)


def _set_stage(request: HttpRequest, user: User, one: Lead, now: datetime) -> None:
    agreement = agreement_in_force()
    said = request.POST.get("until", "")
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


def _date(said: str) -> Any:
    try:
        return parse_date(said)
    except ValueError:
        return None


def _visible(user: User, key: str) -> Lead:
    found = visible_leads(user).select_related("company", "team", "score")
    return get_object_or_404(found.prefetch_related("tags"), key=key)


def _survivor(one: Lead) -> Lead:
    seen = set()
    while one.merged_into is not None and one.pk not in seen:
        seen.add(one.pk)
        one = one.merged_into
    return one


def _tabs() -> list[tuple[str, str]]:
    return [(tab, say(f"desk.tab.{tab}", current_language())) for tab in TABS]


def _head(one: Lead, agreement: Agreement | None, user: User, now: datetime) -> dict[str, Any]:
    score: Score | None = getattr(one, "score", None)
    language = current_language()
    decision = None
    if agreement is not None:
        decision = StageDecision.objects.filter(lead=one, ended_at=None).first()
    return {
        "lead": one,
        "score": score,
        "agreement": agreement,
        "now": now,
        "most": agreement.total.range[1] if agreement else 100,
        "steps": _ladder(agreement, score),
        "decision": decision,
        "may_change": may(user, Right.CHANGE_LEADS),
        "may_move": may(user, Right.MOVE_LEADS) and agreement is not None,
        "may_merge": may(user, Right.MERGE_LEADS),
        "may_privacy": may(user, Right.PRIVACY),
        "stages": [stage_mark(agreement, key, language) for key in stages_to_choose(agreement)]
        if agreement
        else [],
    }


def _ladder(agreement: Agreement | None, score: Score | None) -> list[dict[str, Any]]:
    """The steps of the ladder; for a lead beside it, the place beside it as one more."""
    if agreement is None:
        return []
    language, here = current_language(), score.stage if score else ""
    order = list(steps(agreement))
    if here and here not in order:
        order.append(here)
    high = rank(agreement, here) if here else -9
    return [
        {
            "mark": stage_mark(agreement, key, language),
            "is_here": key == here,
            "is_passed": here in steps(agreement) and rank(agreement, key) < high,
        }
        for key in order
    ]


def _overview(
    request: HttpRequest,  # noqa: ARG001  # every tab is asked alike
    one: Lead,
    agreement: Agreement | None,
    now: datetime,
) -> dict[str, Any]:
    recent = happenings_of(one, most=_RECENT)
    notes = list(one.notes.select_related("author").order_by("-at")[:5])
    told = [] if agreement is None else reckoned(one, agreement, now=now).why(current_language())
    return {"why": told, "stretch": recent, "notes": notes, "note_longest": NOTE_LONGEST}


def _timeline(
    request: HttpRequest, one: Lead, agreement: Agreement | None, now: datetime
) -> dict[str, Any]:
    del agreement, now  # what happened depends on neither
    only = request.GET.get("only", "")
    kind = cast(Kind, only) if only in KINDS else None
    try:
        before = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        before = None
    if before is not None and before.tzinfo is None:
        before = None
    stretch = happenings_of(one, before=before, only=kind)
    return {"stretch": stretch, "only": kind or "", "kinds": KINDS, "is_paged": True}


def _score(
    request: HttpRequest,  # noqa: ARG001  # every tab is asked alike
    one: Lead,
    agreement: Agreement | None,
    now: datetime,
) -> dict[str, Any]:
    if agreement is None:
        return {}
    found, language = reckoned(one, agreement, now=now), current_language()
    points = found.course()
    return {
        "sheets": ledger_of(agreement, found.score, language),
        "reckoned": found.score,
        "points": points[::-1][:120],
        "plot": plot_of(points, now=now, range_=agreement.total.range, language=language),
        "revisited": list(revisited(one, found.log)),
    }


def _profile(
    request: HttpRequest,  # noqa: ARG001  # every tab is asked alike
    one: Lead,
    agreement: Agreement | None,
    now: datetime,
) -> dict[str, Any]:
    values = {} if agreement is None else reckoned(one, agreement, now=now).values()
    ties = list(one.ties.select_related("subject").order_by("since", "id"))
    theirs = [tie.subject_id for tie in ties]
    refusals = Refusal.objects.filter(Q(first__in=theirs) | Q(second__in=theirs))
    return {
        "values": values,
        "others": {k: v for k, v in sorted(one.fields.items()) if k not in values},
        "ties": ties,
        "refusals": refusals.select_related("first", "second").order_by("-at")[:50],
        "merged": list(Lead.objects.filter(merged_into=one).order_by("created_at")),
    }
