"""What others ask about people."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.people.models import Lead

_OF_THEIR_TEAM = {Role.SDR, Role.EXECUTIVE}


def visible_leads(user: User) -> QuerySet[Lead]:
    """The leads somebody may see: sales those of their team and of none, others all.

    Leads that were merged into another or erased are not among them.
    """
    leads = Lead.objects.filter(merged_into=None, erased_at=None)
    if user.role in _OF_THEIR_TEAM:
        leads = leads.filter(Q(team=None) | Q(team=user.team_id))
    return leads
