"""The list of those who must not be contacted; it outlives what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.capture.actions import Name, identity_digest
from passerelle.apps.capture.models import Subject, SubjectKind
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import Suppression, WhySuppressed

LASTING = frozenset({SubjectKind.USER, SubjectKind.EMAIL})
"""Names that stay with a person; a device may be sold or shared."""


@transaction.atomic
def suppress(lead: Lead, *, why: WhySuppressed, by: User | None, now: datetime) -> None:
    """Have nobody contact this person any more, by whatever import or CRM they come back."""
    put_on_list(lasting_names(subjects_of(lead)), why=why, now=now)
    details = {"why": why}
    record_deed(by, "privacy.suppressed", subject=f"lead:{lead.key}", details=details, now=now)


@transaction.atomic
def lift_suppression(lead: Lead, *, by: User | None, now: datetime) -> None:
    """Take the person off the list again, as they wish."""
    digests = [identity_digest(name) for name in lasting_names(subjects_of(lead))]
    if Suppression.objects.filter(digest__in=digests).delete()[0]:
        record_deed(by, "privacy.suppression_lifted", subject=f"lead:{lead.key}", now=now)


def is_suppressed(lead: Lead) -> bool:
    """Whether some lasting name of the person is on the list."""
    return any_suppressed(lasting_names(subjects_of(lead)))


def any_suppressed(names: Iterable[Name]) -> bool:
    """Whether one of these names is on the list; imports ask before there is a lead."""
    digests = [identity_digest(name) for name in names]
    return Suppression.objects.filter(digest__in=digests).exists()


def put_on_list(names: Iterable[Name], *, why: WhySuppressed, now: datetime) -> None:
    """Keep keyed hashes of these names."""
    Suppression.objects.bulk_create(
        (Suppression(digest=identity_digest(name), why=why, at=now) for name in names),
        ignore_conflicts=True,
    )


def family_of(lead: Lead) -> list[Lead]:
    """The lead and those that were merged into it."""
    current = lead.merged_into or lead
    return list(Lead.objects.filter(Q(pk=current.pk) | Q(merged_into=current)).order_by("pk"))


def subjects_of(lead: Lead) -> list[Subject]:
    """Every subject that speaks for the lead at any time, and those it is called by."""
    family = family_of(lead)
    anchors = [one.anchor_id for one in family if one.anchor_id]
    found = Subject.objects.filter(Q(ties__lead__in=family) | Q(pk__in=anchors))
    return list(found.distinct().order_by("pk"))


def lasting_names(subjects: Iterable[Subject]) -> list[Name]:
    """The names among them by which a person is known for good."""
    return [Name(kind=s.kind, value=s.value) for s in subjects if s.kind in LASTING]
