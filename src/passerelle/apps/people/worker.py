"""Takes in what arrived, and carries imports out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from passerelle.apps.capture.models import Arrival, Event
from passerelle.apps.people import import_steps
from passerelle.apps.people.locking import take_turn, wait_for_turn
from passerelle.apps.people.models import Postponed
from passerelle.apps.people.taking_in import take_in

BATCH = 200
_FIRST_WAIT = timedelta(minutes=1)
_FORGOTTEN = timedelta(days=1)
_log = logging.getLogger(__name__)


def work(now: datetime) -> int:
    """Take in the oldest arrivals; if there are none, do the next piece of an import.

    How many arrivals or rows they were, 0 when there is nothing to do. What a bug keeps from
    being taken in is put off, and all others are taken in.
    """
    try:
        return _work(now, most=BATCH) or import_steps.step(now)
    except Exception:  # noqa: BLE001  # a bug fails the item, not the worker
        _log.exception("people: a batch failed; taking its arrivals in one by one")
        return _one_by_one(now)


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
