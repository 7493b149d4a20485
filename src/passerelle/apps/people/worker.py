"""Takes in what arrived: who did it, what it says of them, and tells scoring."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from passerelle.apps.capture.models import Arrival, Event
from passerelle.apps.capture.reading import event_id
from passerelle.apps.people.bulk import update_rows
from passerelle.apps.people.circles import partners_if_newly_shared
from passerelle.apps.people.hearing import hear
from passerelle.apps.people.locking import take_turn, wait_for_turn
from passerelle.apps.people.models import Lead, Postponed, Tie, Touched
from passerelle.apps.people.portraits import VISITED, Visits, changes_anything, redraw
from passerelle.apps.people.privacy_consents import keep_consents
from passerelle.apps.people.privacy_erasing import forget
from passerelle.apps.people.privacy_retention import retire
from passerelle.apps.people.reading import WITH_FIELDS
from passerelle.apps.people.settling import settle
from passerelle.apps.people.traits import fields_of

__all__ = ["forget", "retire", "settle_now", "take_in", "work"]

BATCH = 200
_FIRST_WAIT = timedelta(minutes=1)
_FORGOTTEN = timedelta(days=1)
_log = logging.getLogger(__name__)


def work(now: datetime) -> int:
    """Take in the oldest arrivals; how many they were, 0 when there is nothing to do.

    What a bug keeps from being taken in is put off, and all others are taken in.
    """
    try:
        return _work(now, most=BATCH)
    except Exception:  # noqa: BLE001  # a bug fails the item, not the worker
        _log.exception("people: a batch failed; taking its arrivals in one by one")
        return _one_by_one(now)


def take_in(events: Sequence[Event], *, now: datetime) -> None:
    """Work out who did these events and tell scoring; call it in a transaction, in turn.

    The events come with their `subject` and `device`.
    """
    changed = hear(events)
    keep_consents(events)
    settled = settle(changed | partners_if_newly_shared(changed)) if changed else {}
    done = [event for event in events if not event.robot]
    by_lead = _by_lead(done)
    leads = Lead.objects.select_related("anchor").in_bulk([*settled, *by_lead])
    redraw([leads[pk] for pk in settled], now=now, visits=True)
    _update([(leads[pk], did) for pk, did in by_lead.items() if pk not in settled], now)
    touched = dict(settled)
    for pk, did in by_lead.items():
        at = min(event.occurred_at for event in did)
        touched[pk] = min(touched.get(pk, at), at)
    Touched.objects.bulk_create(
        (Touched(lead_id=pk, first_at=at, at=now) for pk, at in touched.items()), batch_size=500
    )


def settle_now(events: Sequence[Event], *, now: datetime) -> None:
    """Take in what somebody just did, while they wait; in the transaction that recorded it."""
    wait_for_turn()
    take_in(events, now=now)


@transaction.atomic
def _work(now: datetime, *, most: int) -> int:
    if not take_turn():
        return 0
    _call_again(now)
    arrivals = list(Arrival.objects.order_by("pk").values_list("pk", flat=True)[:most])
    if arrivals:
        take_in(_events_of(arrivals), now=now)
        Arrival.objects.filter(pk__in=arrivals).delete()
    return len(arrivals)


def _events_of(arrivals: Sequence[int]) -> list[Event]:
    """The events that arrived, and with a late one those that its subject did after it."""
    pks = Event.objects.filter(
        subject__arrival__in=arrivals, occurred_at__gte=F("subject__arrival__first_at")
    ).values("pk")
    found = Event.objects.filter(pk__in=pks).select_related("subject", "device")
    return sorted(found, key=lambda e: (e.occurred_at, e.pk))


def _by_lead(events: Sequence[Event]) -> dict[int, list[Event]]:
    """The events by the lead that each is of, where it is anybody's."""
    ties: dict[int, list[Tie]] = defaultdict(list)
    for tie in Tie.objects.filter(subject__in={event.subject_id for event in events}):
        ties[tie.subject_id].append(tie)
    by_lead: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        for tie in ties[event.subject_id]:
            begun = tie.since is None or tie.since <= event.occurred_at
            if begun and (tie.until is None or event.occurred_at < tie.until):
                by_lead[tie.lead_id].append(event)
    return by_lead


def _update(leads: Sequence[tuple[Lead, Sequence[Event]]], now: datetime) -> None:
    """Take more events of leads whose identity stands into account in what is copied of them."""
    visited: list[Lead] = []
    renamed: list[Lead] = []
    for lead, events in leads:
        visits = Visits(lead.first_touch, lead.last_touch, lead.last_seen_at)
        for event in events:
            visits.add(
                event.kind,
                at=event.occurred_at,
                key=event_id(event.source_id, event.message_id),
                properties=event.properties,
                context=event.context,
            )
        if _say_anything_new(lead, events):
            renamed.append(lead)
        if visits.keep_in(lead):
            visited.append(lead)
    if visited:
        update_rows(visited, VISITED)
    if renamed:
        redraw(renamed, now=now, visits=False)


def _say_anything_new(lead: Lead, events: Sequence[Event]) -> bool:
    return any(
        changes_anything(lead, fields_of(e.kind, e.properties))
        for e in events
        if e.kind in WITH_FIELDS
    )


def _one_by_one(now: datetime) -> int:
    for pk in Arrival.objects.order_by("pk").values_list("pk", flat=True)[:BATCH]:
        try:
            with transaction.atomic():
                wait_for_turn()
                take_in(_events_of([pk]), now=now)
                Arrival.objects.filter(pk=pk).delete()
        except Exception as fault:  # noqa: BLE001  # likewise
            _log.exception("people: an arrival is put off")
            _put_off(pk, type(fault).__name__, now)
            return 1
    return BATCH


@transaction.atomic
def _put_off(pk: int, why: str, now: datetime) -> None:
    """Try the arrival again later, each time after twice as long, and go on with the others."""
    arrival = Arrival.objects.filter(pk=pk).first()
    if arrival is None:
        return
    earlier = Postponed.objects.filter(subject=arrival.subject_id).order_by("-tries").first()
    tries = earlier.tries + 1 if earlier else 1
    Postponed.objects.filter(subject=arrival.subject_id).delete()
    Postponed.objects.create(
        subject_id=arrival.subject_id,
        first_at=min(arrival.first_at, earlier.first_at if earlier else arrival.first_at),
        again_at=now + _FIRST_WAIT * 2 ** min(tries - 1, 10),
        tries=tries,
        why=why[:120],
    )
    arrival.delete()


def _call_again(now: datetime) -> None:
    """Let what was put off arrive once more when its time has come.

    The row stays a while, so that after another failure the next wait is longer.
    """
    Postponed.objects.filter(called_at__lt=now - _FORGOTTEN).delete()
    for row in Postponed.objects.filter(again_at__lte=now, called_at=None)[:20]:
        Arrival.objects.create(subject_id=row.subject_id, first_at=row.first_at, identifying=True)
        Postponed.objects.filter(pk=row.pk).update(called_at=now)
