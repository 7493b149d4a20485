"""Looks at mail events that just came into the log beside those that were there, for gateways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from passerelle.apps.capture import bulk
from passerelle.apps.capture.mail_robots import (
    AROUND,
    MAIL_NAMES,
    MailEvent,
    done_by_gateways,
    link_of,
)
from passerelle.apps.capture.models import Event, Reclassified, Robot
from passerelle.apps.capture.robots import CLASSIFIER
from passerelle.apps.capture.values import Name, NewEvent


def review_mail(events: Iterable[NewEvent], subjects: Mapping[Name, int], *, now: datetime) -> int:
    """Mark what gateways did, the earlier clicks of a burst included; how many rows changed.

    Call it in the transaction that wrote the events. A recipient's mail is few events in a few
    seconds, so each is asked for by its own subject and time.
    """
    spans: dict[int, tuple[datetime, datetime]] = {}
    for event in events:
        if event.name in MAIL_NAMES:
            subject = subjects[event.subject]
            since, until = spans.get(subject, (event.occurred_at, event.occurred_at))
            spans[subject] = (min(since, event.occurred_at), max(until, event.occurred_at))
    changed = 0
    for subject, (since, until) in spans.items():
        changed += _review(subject, since=since - 2 * AROUND, until=until + 2 * AROUND, now=now)
    return changed


def _review(subject: int, *, since: datetime, until: datetime, now: datetime) -> int:
    near = Q(occurred_at__gte=since, occurred_at__lte=until)
    found = list(Event.objects.filter(near, subject_id=subject, name__in=MAIL_NAMES))
    robots = done_by_gateways(
        MailEvent(str(e.pk), e.name, e.occurred_at, link_of(e.properties)) for e in found
    )
    marked = [e for e in found if str(e.pk) in robots and e.robot == Robot.NONE]
    if marked:
        ids = [e.pk for e in marked]
        Event.objects.filter(pk__in=ids).update(robot=Robot.MAIL_SECURITY, classifier=CLASSIFIER)
        Reclassified.objects.bulk_create(Reclassified(event_id=pk, at=now) for pk in ids)
        bulk.insert_arrivals([(subject, False, min(e.occurred_at for e in marked))])
    return len(marked)
