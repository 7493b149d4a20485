"""What others ask about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.people.models import Lead
from passerelle.apps.people.reading import DURING_TIE, core_events, rows_of
from passerelle.apps.people.searching import leads_with_words
from passerelle.apps.people.telling import (
    FieldValue,
    Identities,
    Merge,
    fields_history,
    identities_of,
    notes_of,
    timeline,
)
from passerelle.core.agreement import Agreement
from passerelle.core.history import Event
from passerelle.core.history import Lead as ScoredLead

__all__ = [
    "DURING_TIE",
    "FieldValue",
    "Identities",
    "Merge",
    "core_events",
    "fields_history",
    "find_leads",
    "identities_of",
    "leads_with_words",
    "logs_of",
    "notes_of",
    "rows_of",
    "timeline",
    "visible_leads",
]

_OF_THEIR_TEAM = {Role.SDR, Role.EXECUTIVE}


def visible_leads(user: User) -> QuerySet[Lead]:
    """The leads somebody may see: sales those of their team and of none, others all.

    Leads that were merged into another or erased are not among them.
    """
    leads = Lead.objects.filter(merged_into=None, erased_at=None)
    if user.role in _OF_THEIR_TEAM:
        leads = leads.filter(Q(team=None) | Q(team=user.team_id))
    return leads


def find_leads(user: User, text: str, *, limit: int = 20) -> list[Lead]:
    """The leads somebody may see that have words beginning like those of the text."""
    return list(leads_with_words(visible_leads(user), text).select_related("company")[:limit])


def logs_of(agreement: Agreement, lead_ids: Sequence[int]) -> list[ScoredLead]:
    """The leads with their logs as the scorer reads them, in the order asked for; one query.

    The key of each is its id as text. A lead without events, or merged into another, has an
    empty log.
    """
    events: dict[int, list[Event]] = defaultdict(list)
    for row in rows_of(lead_ids):
        events[row.lead_id].extend(core_events(agreement, row))
    return [ScoredLead(key=str(pk), events=events.get(pk, ())) for pk in lead_ids]
