"""Search everywhere: leads by name, e-mail or company, and companies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.stages import StageMark, stage_mark
from passerelle.apps.people.models import Company, Lead
from passerelle.apps.people.queries import leads_with_words, visible_leads
from passerelle.apps.shell.language import current_language

QUICK, FULL = 7, 50
_LONGEST = 200
_LOOKED_AT = 300
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the likeliest first."""

    leads: tuple[tuple[Lead, StageMark | None], ...]
    companies: tuple[Company, ...]

    def __bool__(self) -> bool:
        return bool(self.leads or self.companies)


@require_GET
@requires(Right.SEE_LEADS)
def search(request: HttpRequest) -> HttpResponse:
    """All that a search finds, up to a page."""
    q = _asked(request)
    found = find(signed_in(request), q, most=FULL) if q else None
    return render(request, "desk/search.html", {"q": q, "found": found})


@require_GET
@requires(Right.SEE_LEADS)
def quick_search(request: HttpRequest) -> HttpResponse:
    """The first few, for the list under the field."""
    q = _asked(request)
    found = find(signed_in(request), q, most=QUICK) if len(q) > 1 else None
    return render(request, "desk/found.html", {"q": q, "found": found})


def find(user: User, q: str, *, most: int) -> Found:
    """Leads that somebody may see, and the companies, whose names begin so."""
    agreement, language = agreement_in_force(), current_language()
    # however many begin so, some hundreds are looked at, and those seen last are shown first
    leads = leads_with_words(visible_leads(user), q).select_related("company", "score")
    latest = sorted(leads[:_LOOKED_AT], key=lambda lead: lead.last_seen_at or _NEVER, reverse=True)
    rows = []
    for lead in latest[:most]:
        stage = getattr(getattr(lead, "score", None), "stage", "")
        rows.append((lead, stage_mark(agreement, stage, language) if stage else None))
    named = Q(name__istartswith=q) | Q(domain__istartswith=q)
    companies = Company.objects.filter(named).order_by("name")[: max(3, most // 5)]
    return Found(tuple(rows), tuple(companies))


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:_LONGEST]
