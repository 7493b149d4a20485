"""Acting on everybody: at each of the agreement's midnights, and by each new agreement."""

from __future__ import annotations

from datetime import datetime, timedelta

from passerelle.apps.scoring.agreements import agreement_in_force, agreement_of, current_agreement
from passerelle.apps.scoring.bulk_due import Due, Pass
from passerelle.apps.scoring.bulk_writing import write_batch
from passerelle.apps.scoring.models import Night, PublishedAgreement

LEADS_A_TRANSACTION = 1_000


def next_pass(now: datetime) -> Pass | None:
    """What is to be done for everybody next, in the order of time; None when nothing is due."""
    current = current_agreement()
    if current is None:
        return None
    published, agreement = current
    midnight = next_midnight(now)
    waiting = published.rescored_at is None
    if midnight is not None and not (waiting and published.published_at <= midnight):
        in_force = agreement_in_force(midnight) or current
        return Pass(published=in_force[0], agreement=in_force[1], as_of=midnight, is_night=True)
    if waiting:
        return Pass(published=published, agreement=agreement, as_of=now, is_night=False)
    return None


def next_midnight(now: datetime) -> datetime | None:
    """The first midnight that has passed and on which nobody has acted to the end.

    None has passed before the first publication: until then nobody has a score.
    """
    unfinished = Night.objects.filter(finished_at=None).order_by("midnight_at").first()
    if unfinished is not None:
        return unfinished.midnight_at
    last = Night.objects.order_by("midnight_at").last()
    first = PublishedAgreement.objects.order_by("published_at", "id").first()
    if first is None:
        return None
    after = first.published_at if last is None else last.midnight_at
    in_force = agreement_in_force(max(after, first.published_at))
    agreement = in_force[1] if in_force else agreement_of(first)
    midnight = agreement.midnight(agreement.day(after) + timedelta(days=1))
    return midnight if midnight <= now else None


def carry_out(bulk: Pass, *, now: datetime) -> int:
    """Score everybody, write what changed, and keep that it is done; how many scores changed.

    When it is broken off, doing it again changes what was left, and nothing else.
    """
    night = _begun(bulk, now=now) if bulk.is_night else None
    due = Due(bulk)
    try:
        due.find()
        changed = sum(write_batch(rows, bulk, now=now) for rows in due.batches(LEADS_A_TRANSACTION))
    finally:
        due.close()
    if night is not None:
        night.finished_at, night.changed = now, night.changed + changed
        night.save(update_fields=["finished_at", "changed"])
    else:
        PublishedAgreement.objects.filter(pk=bulk.published.pk).update(rescored_at=now)
    return changed


def _begun(bulk: Pass, *, now: datetime) -> Night:
    night, _ = Night.objects.get_or_create(midnight_at=bulk.as_of, defaults={"started_at": now})
    return night
