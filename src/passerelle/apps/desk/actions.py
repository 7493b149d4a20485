"""What is done to many leads at once, and the views that people keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import Role, Team, User
from passerelle.apps.desk.models import SavedView
from passerelle.apps.people.models import Lead, Tag

MOST_AT_ONCE = 5000
_SALES = {Role.SDR, Role.EXECUTIVE}


@transaction.atomic
def tag_leads(by: User, leads: Sequence[Lead], *, name: str, now: datetime) -> int:
    """Put a tag on leads; how many had it not yet."""
    tag = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
    through = Tag.leads.through
    known = set(through.objects.filter(tag=tag, lead__in=leads).values_list("lead_id", flat=True))
    fresh = [lead.pk for lead in leads if lead.pk not in known]
    through.objects.bulk_create(
        [through(tag_id=tag.pk, lead_id=pk) for pk in fresh], ignore_conflicts=True
    )
    _tell(by, "leads.tagged", {"tag": tag.pk, "leads": len(fresh)}, now)
    return len(fresh)


@transaction.atomic
def untag_leads(by: User, leads: Sequence[Lead], *, name: str, now: datetime) -> int:
    """Take a tag off leads; how many had it."""
    through = Tag.leads.through
    n, _ = through.objects.filter(tag__name__iexact=name, lead__in=leads).delete()
    _tell(by, "leads.untagged", {"leads": n}, now)
    return n


@transaction.atomic
def assign_team(by: User, leads: Sequence[Lead], *, team: Team | None, now: datetime) -> int:
    """Give leads to a team, or to none; how many moved."""
    theirs = Lead.objects.filter(pk__in=[lead.pk for lead in leads]).exclude(team=team)
    n = theirs.update(team=team)
    _tell(by, "leads.assigned", {"team": team.key if team else "", "leads": n}, now)
    return n


def teams_to_give(user: User) -> QuerySet[Team]:
    """The teams somebody may give leads to: sales their own, others all."""
    if user.role not in _SALES:
        return Team.objects.all()
    return Team.objects.filter(members=user)


def note_export(by: User, *, form: str, asked: str, leads: int | None, now: datetime) -> None:
    """Write down that leads left as a file; what was asked for may name people, so it is hidden.

    `asked` are the names of the filters that were set.
    """
    record_deed(
        by, "leads.exported", details={"format": form, "filters": asked, "leads": leads}, now=now
    )


@transaction.atomic
def save_view(by: User, *, name: str, query: str, is_shared: bool, now: datetime) -> SavedView:
    """Keep a way of looking at leads; one's own of that name is replaced."""
    view, _ = SavedView.objects.update_or_create(
        owner=by,
        name=name,
        defaults={"query": query, "is_shared": is_shared},
        create_defaults={"query": query, "is_shared": is_shared, "created_at": now},
    )
    record_deed(by, "view.saved", subject=f"view:{view.pk}", now=now)
    return view


@transaction.atomic
def drop_view(by: User, view: SavedView, *, now: datetime) -> None:
    """Forget one's own view."""
    record_deed(by, "view.dropped", subject=f"view:{view.pk}", now=now)
    view.delete()


def _tell(by: User, action: str, details: dict[str, object], now: datetime) -> None:
    record_deed(by, action, details=details, now=now)
