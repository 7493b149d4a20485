"""What is written about one lead: notes and tags."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.people.models import Lead, Note, Tag

NOTE_LONGEST = 5000


@transaction.atomic
def add_note(by: User, lead: Lead, *, text: str, now: datetime) -> Note:
    """Write a note about a lead."""
    note = Note.objects.create(lead=lead, author=by, text=text, at=now)
    record_deed(by, "lead.noted", subject=f"lead:{lead.key}", details={"note": note.pk}, now=now)
    return note


@transaction.atomic
def tag_lead(by: User, lead: Lead, *, name: str, now: datetime) -> None:
    """Put a tag on a lead."""
    tag, _ = Tag.objects.get_or_create(name=name)
    tag.leads.add(lead)
    record_deed(by, "lead.tagged", subject=f"lead:{lead.key}", details={"tag": tag.pk}, now=now)


@transaction.atomic
def untag_lead(by: User, lead: Lead, *, name: str, now: datetime) -> None:
    """Take a tag off a lead."""
    for tag in Tag.objects.filter(name=name, leads=lead):
        tag.leads.remove(lead)
        details = {"tag": tag.pk}
        record_deed(by, "lead.untagged", subject=f"lead:{lead.key}", details=details, now=now)
