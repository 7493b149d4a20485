"""What others ask about people."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.capture.models import Event
from passerelle.apps.people.models import Lead, Tie
from passerelle.core.agreement import Agreement
from passerelle.core.history import Event as HappenedEvent
from passerelle.core.history import Lead as LogOfLead

_OF_THEIR_TEAM = {Role.SDR, Role.EXECUTIVE}


def visible_leads(user: User) -> QuerySet[Lead]:
    """The leads somebody may see: sales those of their team and of none, others all.

    Leads that were merged into another or erased are not among them.
    """
    leads = Lead.objects.filter(merged_into=None, erased_at=None)
    if user.role in _OF_THEIR_TEAM:
        leads = leads.filter(Q(team=None) | Q(team=user.team_id))
    return leads


def logs_of(agreement: Agreement, lead_ids: Sequence[int]) -> list[LogOfLead]:
    """The logs of leads; a stand-in until identity is kept."""
    found: dict[int, list[HappenedEvent]] = {pk: [] for pk in lead_ids}
    for tie in Tie.objects.filter(lead__in=lead_ids):
        for row in Event.objects.filter(subject=tie.subject_id, robot=""):
            key = f"{row.source_id or ''}:{row.message_id}"
            at, received = row.occurred_at, row.received_at
            found[tie.lead_id].append(HappenedEvent(row.name, at, key, row.properties, received))
            found[tie.lead_id] += [
                HappenedEvent(
                    "field_changed",
                    at,
                    f"{key}:{field}",
                    {"field": field, "value": row.properties[field]},
                    received,
                )
                for field in agreement.known_fields
                if row.kind == "identify" and field in row.properties
            ]
    return [LogOfLead(str(pk), {}, events) for pk, events in found.items()]
