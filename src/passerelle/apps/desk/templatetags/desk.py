"""What pages of leads say of one: how it is called, what a column holds."""

from __future__ import annotations

from typing import Any

from django import template

from passerelle.apps.desk import columns
from passerelle.apps.people.models import Lead

register = template.Library()


@register.filter
def called(lead: Lead) -> str:
    """The name of a lead, else its address, else its key."""
    return lead.name or lead.email or lead.key


@register.filter
def told(lead: Lead, key: str) -> Any:
    """What the column of that key holds."""
    return columns.told(lead, key)
