"""Data are kept as long as the installation says, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from passerelle.apps.capture.models import Subject, SubjectKind
from passerelle.apps.people.locking import wait_for_turn
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import ErasedSpan, Erasure, WhyErased
from passerelle.apps.people.privacy_erasing import new_key, request_erasure

LEADS, DEVICES = 20, 500


def retire(now: datetime) -> int:
    """Have some forgotten of whom nothing was heard for too long; how many, 0: none is left today.

    Leads after `retention_days`, devices that never said who they are after `anonymous_days`; 0
    keeps them for ever.
    """
    today = f"retention:{now.date()}"
    if cache.get(today):
        return 0
    done = _retire_leads(now) or _retire_devices(now)
    if not done:
        cache.set(today, 1, timeout=2 * 86_400)
    return done


def _retire_leads(now: datetime) -> int:
    if not settings.RETENTION_DAYS:
        return 0
    before = now - timedelta(days=settings.RETENTION_DAYS)
    unheard = Q(last_seen_at__lt=before) | Q(last_seen_at=None, created_at__lt=before)
    old = list(Lead.objects.filter(unheard, merged_into=None, erased_at=None)[:LEADS])
    for lead in old:
        request_erasure(lead, why=WhyErased.RETENTION, by=None, now=now)
    return len(old)


@transaction.atomic
def _retire_devices(now: datetime) -> int:
    if not settings.ANONYMOUS_DAYS:
        return 0
    wait_for_turn()
    before = now - timedelta(days=settings.ANONYMOUS_DAYS)
    nobody = Subject.objects.filter(
        kind=SubjectKind.DEVICE, ties=None, events__occurred_at__lt=before
    )
    # those on their way out already, and those heard of since, are left alone
    leaving = ErasedSpan.objects.filter(erasure__log_at=None).values("subject_id")
    quiet = nobody.exclude(pk__in=leaving).exclude(events__occurred_at__gte=before)
    ids = list(quiet.order_by("pk").values_list("pk", flat=True).distinct()[:DEVICES])
    if ids:
        erasure = Erasure.objects.create(
            lead_key=new_key(), why=WhyErased.RETENTION, requested_at=now
        )
        ErasedSpan.objects.bulk_create(ErasedSpan(erasure=erasure, subject_id=pk) for pk in ids)
    return len(ids)
