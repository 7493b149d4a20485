"""The table of leads: filters, views, columns, what is done to many, export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from passerelle.apps.accounts.models import Team, User
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.desk import actions
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.asking import NO_TEAM, Asked, Filters, matching, read_filters
from passerelle.apps.desk.columns import Column, chosen, columns
from passerelle.apps.desk.exporting import FORMATS, Format, leads_file
from passerelle.apps.desk.models import SavedView
from passerelle.apps.desk.sorting import FALLING_FIRST, Cursor, Page, page_of
from passerelle.apps.desk.stages import StageMark, stage_mark
from passerelle.apps.people.models import Lead, Tag
from passerelle.apps.people.queries import visible_leads
from passerelle.apps.shell.language import current_language
from passerelle.core.agreement import Agreement
from passerelle.words import say

PAGE = 50
COUNTED = 1000
_NOT_KEPT = ("after", "before", "view")


@dataclass(frozen=True, slots=True)
class Question:
    """A request to the table, read: who asks for what, under which agreement."""

    user: User
    agreement: Agreement | None
    form: Filters
    asked: Asked
    columns: tuple[Column, ...]
    every_column: tuple[Column, ...]
    now: datetime

    @classmethod
    def of(cls, request: HttpRequest, data: QueryDict, *, now: datetime) -> Question:
        """What this address asks for."""
        agreement, language = agreement_in_force(), current_language()
        form, asked = read_filters(data, agreement=agreement, language=language)
        every = columns(agreement, language)
        shown = chosen(every, data.getlist("columns"))
        return cls(signed_in(request), agreement, form, asked, shown, every, now)

    @property
    def leads(self) -> QuerySet[Lead]:
        """The leads that it finds."""
        return matching(visible_leads(self.user), self.asked, now=self.now)


@require_GET
@requires(Right.SEE_LEADS)
def leads(request: HttpRequest) -> HttpResponse:
    """The table, a page of it."""
    question = Question.of(request, request.GET, now=datetime.now(UTC))
    return render(request, "desk/leads.html", _table(request, question))


@require_GET
@requires(Right.EXPORT_LEADS)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """All that the filters let through, as a file."""
    if form not in FORMATS:
        raise Http404
    question = Question.of(request, request.GET, now=datetime.now(UTC))
    named = ",".join(sorted(k for k, v in request.GET.items() if v and k not in _NOT_KEPT))
    actions.note_export(question.user, form=form, asked=named, leads=None, now=question.now)
    return leads_file(
        request,
        question.leads,
        order=question.asked.order,
        columns=question.columns,
        form=cast("Format", form),
    )


@require_POST
@requires(Right.CHANGE_LEADS)
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Something done to the ticked leads, or to all that the filters let through."""
    question = Question.of(request, QueryDict(request.POST.get("query", "")), now=datetime.now(UTC))
    found = list(_ticked(request, question)[: actions.MOST_AT_ONCE])
    back = f"{request.path.removesuffix('bulk/')}?{request.POST.get('query', '')[:2000]}"
    language = current_language()
    if not found:
        messages.warning(request, say("desk.bulk.none", language))
        return redirect(back)
    if request.POST.get("do") == "export":
        return _export_ticked(request, question, found)
    said = _do(request, question, found)
    messages.add_message(
        request,
        messages.SUCCESS if said else messages.ERROR,
        said or say("desk.bulk.unclear", language),
    )
    return redirect(back)


@require_POST
@requires(Right.SEE_LEADS)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters, order and columns of the page under a name."""
    name = " ".join(request.POST.get("name", "").split())[:60]
    kept = kept_query(QueryDict(request.POST.get("query", "")[:2000]))
    if not name:
        messages.error(request, say("desk.view.nameless", current_language()))
        return redirect(f"/leads/?{kept}")
    view = actions.save_view(
        signed_in(request),
        name=name,
        query=kept,
        is_shared=bool(request.POST.get("shared")),
        now=datetime.now(UTC),
    )
    messages.success(request, say("desk.view.saved", current_language(), name=name))
    return redirect(f"/leads/?{urlencode({'view': view.pk})}&{kept}")


@require_POST
@requires(Right.SEE_LEADS)
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one's own view."""
    user = signed_in(request)
    view = get_object_or_404(SavedView, pk=view_id, owner=user)
    actions.drop_view(user, view, now=datetime.now(UTC))
    return redirect("desk:leads")


def kept_query(asked: QueryDict) -> str:
    """The part of an address that says what is looked at, without where one is in it."""
    kept = asked.copy()
    for name in list(kept):
        kept.setlist(name, [value for value in kept.getlist(name) if value])
        if name in _NOT_KEPT or not kept.getlist(name):
            del kept[name]
    return kept.urlencode()


def _table(request: HttpRequest, question: Question) -> dict[str, Any]:
    order = question.asked.order
    found = question.leads
    page = page_of(
        found.select_related("score", "company", "team").prefetch_related("tags"),
        order,
        after=Cursor.read(request.GET.get("after", ""), order.sort),
        before=Cursor.read(request.GET.get("before", ""), order.sort),
        size=PAGE,
    )
    n = found.order_by()[: COUNTED + 1].count()
    kept = kept_query(request.GET)
    return {
        "form": question.form,
        "asked": question.asked,
        "is_narrowed": question.asked.narrows,
        "columns": question.columns,
        "every_column": question.every_column,
        "rows": _rows(page, question.agreement),
        "n": min(n, COUNTED),
        "has_more": n > COUNTED,
        "most": question.agreement.total.range[1] if question.agreement else 100,
        "sort": request.GET.get("sort") or ("-score" if question.agreement else "-seen"),
        "falling_first": FALLING_FIRST,
        "query": kept,
        "newer": _moved(kept, before=page.newer),
        "older": _moved(kept, after=page.older),
        "views": _views(question.user, request.GET.get("view", "")),
        "may_change": may(question.user, Right.CHANGE_LEADS),
        "may_export": may(question.user, Right.EXPORT_LEADS),
        "may_import": may(question.user, Right.IMPORT_LEADS),
        "tags": Tag.objects.order_by("name").values_list("name", flat=True)[:300],
        "teams": actions.teams_to_give(question.user),
        "no_team": NO_TEAM,
        "most_at_once": actions.MOST_AT_ONCE,
    }


def _rows(page: Page, agreement: Agreement | None) -> list[tuple[Lead, StageMark | None]]:
    language = current_language()
    marks: dict[str, StageMark] = {}
    rows: list[tuple[Lead, StageMark | None]] = []
    for lead in page.rows:
        stage = getattr(getattr(lead, "score", None), "stage", "")
        if stage and stage not in marks:
            marks[stage] = stage_mark(agreement, stage, language)
        rows.append((lead, marks.get(stage)))
    return rows


def _moved(kept: str, **place: Cursor | None) -> str:
    where = {name: str(cursor) for name, cursor in place.items() if cursor is not None}
    return "&".join(part for part in (kept, urlencode(where)) if part) if where else ""


@dataclass(frozen=True, slots=True)
class _View:
    view: SavedView
    is_here: bool
    is_own: bool


def _views(user: User, here: str) -> list[_View]:
    seen = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    return [_View(view, str(view.pk) == here, view.owner_id == user.pk) for view in seen[:30]]


def _ticked(request: HttpRequest, question: Question) -> QuerySet[Lead]:
    if request.POST.get("everything"):
        return question.leads.order_by("id")
    keys = request.POST.getlist("lead")[: actions.MOST_AT_ONCE]
    return visible_leads(question.user).filter(key__in=keys).order_by("id")


def _do(request: HttpRequest, question: Question, found: list[Lead]) -> str:
    """Do it; the sentence that says what was done, nothing where it was unclear what to do."""
    language, by, now = current_language(), question.user, question.now
    name = " ".join(request.POST.get("tag", "").split())[:60]
    match request.POST.get("do"):
        case "tag" if name:
            n = actions.tag_leads(by, found, name=name, now=now)
            return say("desk.bulk.tagged", language, n=n, tag=name)
        case "untag" if name:
            n = actions.untag_leads(by, found, name=name, now=now)
            return say("desk.bulk.untagged", language, n=n, tag=name)
        case "assign":
            return _assign(request, question, found)
        case _:
            return ""


def _assign(request: HttpRequest, question: Question, found: list[Lead]) -> str:
    wanted = request.POST.get("team", "")
    team: Team | None = None
    if wanted != NO_TEAM:
        team = actions.teams_to_give(question.user).filter(key=wanted).first()
        if team is None:
            return ""
    n = actions.assign_team(question.user, found, team=team, now=question.now)
    return say("desk.bulk.assigned", current_language(), n=n)


def _export_ticked(request: HttpRequest, question: Question, found: list[Lead]) -> HttpResponseBase:
    if not may(question.user, Right.EXPORT_LEADS):
        raise PermissionDenied(Right.EXPORT_LEADS)
    actions.note_export(
        question.user, form="csv", asked="ticked", leads=len(found), now=question.now
    )
    chosen_leads = visible_leads(question.user).filter(pk__in=[lead.pk for lead in found])
    return leads_file(
        request, chosen_leads, order=question.asked.order, columns=question.columns, form="csv"
    )
