"""Events taken in: who did them, what they say of somebody, and what scoring should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Min

from passerelle.apps.capture.models import Event
from passerelle.apps.capture.reading import event_id
from passerelle.apps.people.bulk import update_rows
from passerelle.apps.people.circles import partners_if_newly_shared
from passerelle.apps.people.hearing import hear, hear_again
from passerelle.apps.people.locking import wait_for_turn
from passerelle.apps.people.models import Lead, Tie, Touched
from passerelle.apps.people.portraits import VISITED, Visits, changes_anything, redraw
from passerelle.apps.people.privacy_consents import keep_consents
from passerelle.apps.people.reading import WITH_FIELDS
from passerelle.apps.people.settling import settle
from passerelle.apps.people.traits import fields_of


def take_in(events: Sequence[Event], *, now: datetime) -> None:
    """Work out who did these events and tell scoring; call it in a transaction, in turn.

    The events come with their `subject` and `device`.
    """
    changed = hear(events)
    keep_consents(events)
    _take_in(events, changed, now)


def take_in_again(subjects: set[int], *, now: datetime) -> None:
    """Work out anew who these subjects are, because events of theirs count no more.

    Call it in a transaction, in turn.
    """
    _take_in([], hear_again(subjects), now, anew=subjects)


def _take_in(
    events: Sequence[Event], changed: set[int], now: datetime, *, anew: set[int] | None = None
) -> None:
    settled = settle(changed | partners_if_newly_shared(changed)) if changed else {}
    if anew:
        settled = _leads_of(anew) | settled
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


def _leads_of(subjects: set[int]) -> dict[int, datetime]:
    """Whose these names are, each lead with the earliest event under them, robots' among it."""
    first = dict(
        Event.objects.filter(subject__in=subjects)
        .values_list("subject")
        .annotate(Min("occurred_at"))
    )
    found: dict[int, datetime] = {}
    for lead, subject in Tie.objects.filter(subject__in=subjects).values_list("lead", "subject"):
        if at := first.get(subject):
            found[lead] = min(found.get(lead, at), at)
    return found


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
