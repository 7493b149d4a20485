"""Companies: the table, and one with its people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.stages import stage_mark
from passerelle.apps.people.models import Company, Lead
from passerelle.apps.people.queries import visible_leads
from passerelle.apps.shell.language import current_language

PAGE = 50


@require_GET
@requires(Right.SEE_LEADS)
def companies(request: HttpRequest) -> HttpResponse:
    """Companies by name, a page of them."""
    q = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    after = request.GET.get("after", "").replace("\0", "")[:300]
    found = Company.objects.order_by("name", "id")
    if q:
        found = found.filter(Q(name__istartswith=q) | Q(domain__istartswith=q))
    name, _, number = after.rpartition("~")
    if number.isdigit() and len(number) < 19:
        found = found.filter(name__gte=name).exclude(name=name, id__lte=int(number))
    rows = list(found[: PAGE + 1])
    people = {
        row["company"]: row
        for row in visible_leads(cast(User, request.user))
        .filter(company__in=[company.pk for company in rows[:PAGE]])
        .values("company")
        .annotate(n=Count("id"), best=Max("score__total"), seen=Max("last_seen_at"))
    }
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "q": q,
        "rows": [(company, people.get(company.pk)) for company in rows[:PAGE]],
        "after": f"{last.name}~{last.pk}" if last else "",
        "is_first": not after,
    }
    return render(request, "desk/companies.html", context)


@require_GET
@requires(Right.SEE_LEADS)
def company(request: HttpRequest, key: str) -> HttpResponse:
    """One company: who is there, how they stand."""
    one = get_object_or_404(Company, key=key)
    people = _people(cast(User, request.user), one)
    agreement, language = agreement_in_force(), current_language()
    rows = [
        (lead, stage_mark(agreement, lead.score.stage, language) if _is_scored(lead) else None)
        for lead in people
    ]
    return render(
        request, "desk/company.html", {"company": one, "rows": rows, "now": datetime.now(UTC)}
    )


def _people(user: User, one: Company) -> QuerySet[Lead]:
    leads = visible_leads(user).filter(company=one).select_related("score")
    return leads.order_by("-score__total", "name")[:200]


def _is_scored(lead: Lead) -> bool:
    return hasattr(lead, "score")
