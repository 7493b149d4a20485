"""Scores the leads that something happened to, and moves them; at midnight, everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from passerelle.apps.people.models import Lead, Touched
from passerelle.apps.scoring.agreements import current_agreement
from passerelle.apps.scoring.models import PublishedAgreement, StageDecision
from passerelle.apps.scoring.reckoning import forget, reckon
from passerelle.apps.scoring.turn import turn
from passerelle.core.agreement import Agreement

LEADS_A_BATCH = 100


def work(now: datetime) -> int:
    """Score a batch of touched leads at `now`; how many pieces of news that took, 0 when idle.

    The claims go, the scores and the moves come in one transaction. Of a lead that another worker
    holds the news are left to that worker, or to the next round.
    """
    # Asked before anything is locked.
    if Touched.objects.filter(at__lte=now).exists() or _expired(now).exists():
        return _work(now)
    return 0


def nightly(now: datetime) -> int:
    """Do what is due for everybody, one pass a call; 0 when nothing is, or another does it.

    A pass is one night, or a new agreement. It takes as long as it takes, in transactions of a
    fraction of a second between which live scoring goes on: run it beside that, not before it.
    Nights that were missed are made up for one by one, in order.
    """
    # The relation's engine takes a second and memory that a live worker can do without.
    from passerelle.apps.scoring.bulk import carry_out, next_pass  # noqa: PLC0415

    if next_pass(now) is None:
        return 0
    with turn() as ours:
        bulk = next_pass(now) if ours else None
        return 0 if bulk is None else max(1, carry_out(bulk, now=now))


@transaction.atomic
def _work(now: datetime) -> int:
    claims = list(
        Touched.objects.filter(at__lte=now)
        .order_by("id")
        .values_list("id", "lead_id")[: LEADS_A_BATCH * 4]
    )
    freed = list(_expired(now).values_list("lead_id", flat=True)[:LEADS_A_BATCH])
    wanted = list(dict.fromkeys([*freed, *(lead for _, lead in claims)]))[:LEADS_A_BATCH]
    leads = lock_leads(wanted)
    # Read under the lock: news of these leads that came since, and none that is not yet committed.
    news = list(Touched.objects.filter(lead__in=leads).values_list("id", flat=True))
    current = current_agreement()
    if current is None:  # publishing the first one scores everybody
        return _done(news)
    _score(current, leads, now=now)
    held = {lead.pk for lead in leads}
    return _done(news) + sum(lead in held for lead in freed)


def _expired(now: datetime) -> QuerySet[StageDecision]:
    """Decisions that have come to their end, of leads that nobody has looked at since."""
    ended = StageDecision.objects.filter(ended_at=None, until__lte=now).order_by("until")
    return ended.filter(lead__merged_into=None, lead__erased_at=None)


def lock_leads(ids: Sequence[int]) -> list[Lead]:
    """Those of the leads that nobody else holds, held until the end of the transaction."""
    found = Lead.objects.filter(pk__in=ids).order_by("pk")
    return list(found.select_for_update(no_key=True, skip_locked=True, of=("self",)))


def _score(
    current: tuple[PublishedAgreement, Agreement], leads: Sequence[Lead], *, now: datetime
) -> None:
    gone = [lead for lead in leads if lead.merged_into_id or lead.erased_at]
    forget([lead.pk for lead in gone])
    there = [lead.pk for lead in leads if not (lead.merged_into_id or lead.erased_at)]
    ahead = reckon(*current, there, now=now)
    Touched.objects.bulk_create(
        Touched(lead_id=lead, first_at=at, at=at) for lead, at in ahead.items()
    )


def _done(news: Sequence[int]) -> int:
    # What lies ahead is announced anew by `_score`, so rows for later go as well.
    Touched.objects.filter(pk__in=news).delete()
    return len(news)
