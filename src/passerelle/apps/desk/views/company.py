"""Companies: the table, and one with its people."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Avg, Count, F, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.capture.models import Event, Robot
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.stages import ripe_stages, stage_mark
from passerelle.apps.people.models import Company, Lead
from passerelle.apps.people.queries import DURING_TIE, visible_leads
from passerelle.apps.shell.language import current_language

PAGE = 50
MOST_PEOPLE = 200
RECENT = 15


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
        for row in visible_leads(signed_in(request))
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
    """One company: who is there, how they stand, what they did."""
    one = get_object_or_404(Company, key=key)
    user, language = signed_in(request), current_language()
    agreement = agreement_in_force()
    theirs = visible_leads(user).filter(company=one)
    people = list(
        theirs.select_related("score").order_by(F("score__total").desc(nulls_last=True), "name")[
            :MOST_PEOPLE
        ]
    )
    rows = [
        (
            lead,
            stage_mark(agreement, lead.score.stage, language) if hasattr(lead, "score") else None,
        )
        for lead in people
    ]
    ripe = Count("id", filter=Q(score__stage__in=ripe_stages(agreement)))
    rolled = theirs.aggregate(
        people=Count("id"), best=Max("score__total"), mean=Avg("score__total"), ripe=ripe
    )
    context = {
        "company": one,
        "rows": rows,
        "rolled": rolled,
        "most": agreement.total.range[1] if agreement else 100,
        "activity": _activity(people),
    }
    return render(request, "desk/company.html", context)


def _activity(people: Sequence[Lead]) -> list[tuple[Lead, Event]]:
    leads = {lead.pk: lead for lead in people}
    rows = (
        Event.objects.filter(DURING_TIE, subject__ties__lead__in=list(leads), robot=Robot.NONE)
        .annotate(of=F("subject__ties__lead"))
        .order_by("-occurred_at")[:RECENT]
    )
    return [(leads[row.of], row) for row in rows]
