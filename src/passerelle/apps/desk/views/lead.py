"""One lead: where it stands and why, what happened, what is known, what can be done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.happenings import KINDS, happenings_of
from passerelle.apps.desk.ledger import ledger_of
from passerelle.apps.desk.plotting import plot_of
from passerelle.apps.desk.reckoned import reckoned, revisited
from passerelle.apps.desk.stages import stage_mark, steps
from passerelle.apps.people.actions import LONGEST_NOTE
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import Channel
from passerelle.apps.people.privacy_consents import why_no_contact
from passerelle.apps.people.queries import (
    FieldValue,
    fields_history,
    find_leads,
    identities_of,
    notes_of,
    visible_leads,
)
from passerelle.apps.scoring.models import Score, StageDecision
from passerelle.apps.scoring.queries import stages_to_choose
from passerelle.apps.shell.language import current_language
from passerelle.core.agreement import Agreement
from passerelle.core.standing import rank
from passerelle.report.naming import field_label
from passerelle.words import say

TABS = ("overview", "timeline", "score", "profile")
_RECENT = 12
_CONTACTED = (Channel.EMAIL, Channel.PHONE)


@require_GET
@requires(Right.SEE_LEADS)
def lead(request: HttpRequest, key: str) -> HttpResponse:
    """The lead's page, on one of its tabs."""
    user, now = signed_in(request), datetime.now(UTC)
    one = get_object_or_404(Lead.objects.select_related("merged_into"), key=key)
    if one.merged_into is not None:
        return redirect("desk:lead", _survivor(one).key)
    one = visible_lead(user, key)
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
    one, now = visible_lead(signed_in(request), key), datetime.now(UTC)
    agreement = agreement_in_force()
    if agreement is None:
        raise Http404
    told = reckoned(one, agreement, now=now).ahead(current_language())
    return render(request, "desk/lead_ahead.html", {"ahead": told})


@require_GET
@requires(Right.SEE_LEADS)
def older(request: HttpRequest, key: str) -> HttpResponse:
    """The next stretch of the timeline."""
    one, now = visible_lead(signed_in(request), key), datetime.now(UTC)
    context = {"lead": one, "now": now} | _timeline(request, one, agreement_in_force(), now)
    return render(request, "desk/happenings.html", context)


def visible_lead(user: User, key: str) -> Lead:
    """The lead of that key, if somebody may see it."""
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
    notes = notes_of(one)[:5]
    told = [] if agreement is None else reckoned(one, agreement, now=now).why(current_language())
    return {
        "why": told,
        "stretch": recent,
        "notes": notes,
        "note_longest": LONGEST_NOTE,
        "contact": [(channel.value, why_no_contact(one, channel)) for channel in _CONTACTED],
    }


def _timeline(
    request: HttpRequest, one: Lead, agreement: Agreement | None, now: datetime
) -> dict[str, Any]:
    del agreement, now  # what happened depends on neither
    only = request.GET.get("only", "")
    kind = next((one for one in KINDS if one == only), None)
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
    request: HttpRequest,
    one: Lead,
    agreement: Agreement | None,
    now: datetime,  # noqa: ARG001  # every tab is asked alike
) -> dict[str, Any]:
    language, known = current_language(), agreement.known_fields if agreement else {}
    by_field: dict[str, list[FieldValue]] = {}
    for value in fields_history(one):
        by_field.setdefault(value.field, []).append(value)
    return {
        "values": [(name, held, name in known) for name, held in by_field.items()],
        "known": [(name, field_label(name, language)) for name in known],
        "identities": identities_of(one),
        "q": request.GET.get("merge", "")[:200],
        "candidates": _candidates(request, one),
    }


def _candidates(request: HttpRequest, one: Lead) -> list[Lead]:
    """Those with whom the lead may be merged: what was searched for, the lead itself aside."""
    asked = request.GET.get("merge", "").replace("\0", "")[:200]
    user = signed_in(request)
    if not asked or not may(user, Right.MERGE_LEADS):
        return []
    return [found for found in find_leads(user, asked, limit=6) if found.pk != one.pk][:5]
