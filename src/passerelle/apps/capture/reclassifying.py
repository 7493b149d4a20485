"""Reads the log anew when the rules that tell robots apart have changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from passerelle.apps.capture import bulk
from passerelle.apps.capture.models import Event, EventKind, Reclassified, Robot
from passerelle.apps.capture.robots import CLASSIFIER, robot_of_agent

EVENTS_AT_ONCE = 2_000

_NOT_BY_AGENT = (Robot.MAIL_SECURITY, Robot.TAKEN_BACK)  # were found out otherwise, and stand


@transaction.atomic
def reclassify(now: datetime, *, after: int = 0) -> int | None:
    """Judge the next events that an older classifier judged; the last id, None when all are.

    What changed is news for `people` and for copies of the log. Mail gateways are found again by
    the events around theirs, so their marks stand until those are reviewed.
    """
    older = Event.objects.filter(id__gt=after, classifier__lt=CLASSIFIER)
    seen = list(older.exclude(kind=EventKind.ACT).order_by("id")[:EVENTS_AT_ONCE])
    if not seen:
        return None
    changed: list[Event] = []
    for event in seen:
        agent = event.context.get("userAgent") if isinstance(event.context, dict) else None
        said = robot_of_agent(
            agent if isinstance(agent, str) else "", webdriver=event.context.get("webdriver")
        )
        if event.robot not in (*_NOT_BY_AGENT, said.value):
            event.robot = said.value
            changed.append(event)
        event.classifier = CLASSIFIER
    Event.objects.bulk_update(seen, ["robot", "classifier"], batch_size=500)
    Reclassified.objects.bulk_create(Reclassified(event_id=e.pk, at=now) for e in changed)
    first: dict[int, datetime] = {}
    for event in changed:
        at = event.occurred_at
        first[event.subject_id] = min(first.get(event.subject_id, at), at)
    bulk.insert_arrivals([(subject, False, at) for subject, at in first.items()])
    return seen[-1].pk
