"""The course of a lead's score over time: what it was after each instant that changed it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from passerelle.core.history import Seen
from passerelle.core.lifecycle_evidence import Finding
from passerelle.core.log import Instant
from passerelle.core.standing import Record, Standing, held_stages, instants, standing_at
from passerelle.core.triggers import trigger_event

MOST_MIDNIGHTS = 400


@dataclass(frozen=True, slots=True)
class Point:
    """From an instant on the lead had this total and stood at this stage."""

    at: datetime
    total: Decimal
    stage: str


def course(record: Record, *, since: datetime, until: datetime) -> Iterator[Point]:
    """What the lead had at `since`, then each change of total or stage up to `until`."""
    before: Point | None = None
    held: Collection[str] | None = None
    for instant in [since, *_instants_between(record, since, until)]:
        held = held_stages(record, as_of=instant, before=held)
        standing = standing_at(record, as_of=instant, held=held)
        point = Point(instant, record.levels(instant).total, standing.stage)
        if before is None or (point.total, point.stage) != (before.total, before.stage):
            yield point
        before = point


def midnights(record: Record, *, after: datetime, until: datetime) -> list[datetime]:
    """The agreement's midnights later than `after` and not later than `until`, earliest first.

    Only the latest of them when there are more than anybody would look through.
    """
    agreement = record.agreement
    first, last = agreement.day(after), agreement.day(until)
    days = range(max(1, (last - first).days - MOST_MIDNIGHTS), (last - first).days + 1)
    found = (agreement.midnight(first + timedelta(days=n)) for n in days)
    return [midnight for midnight in found if after < midnight <= until]


def finding_at(record: Record, *, as_of: datetime, since: datetime | None) -> Finding:
    """What the score says at `as_of`, and since when: no earlier than just after `since`.

    Without `since` it is not looked back: the lead is seen for the first time.
    """
    standing = standing_at(record, as_of=as_of)
    begun = as_of if since is None else _begun(record, standing.stage, since, as_of)
    levels = record.levels(as_of)
    return Finding(
        agreement=record.agreement,
        standing=standing,
        since=begun,
        total=levels.total,
        dimensions=levels.dimensions,
        worths=levels.worths,
        seen=_seen(record, standing, begun, record.at(as_of)),
    )


def _instants_between(record: Record, since: datetime, until: datetime) -> list[datetime]:
    found = [at for at in instants(record, until=until) if since < at]
    return sorted(set(found))


def _begun(record: Record, stage: str, since: datetime, as_of: datetime) -> datetime | None:
    """The first instant after `since` from which the lead has stood there without a break.

    None when it stood there at `since` already: what is new is the knowledge.
    """
    begun = as_of
    for instant in reversed(_instants_between(record, since, as_of)):
        if standing_at(record, as_of=instant).stage != stage:
            return begun
        begun = instant
    return None if standing_at(record, as_of=since).stage == stage else begun


def _seen(record: Record, standing: Standing, begun: datetime | None, at: Instant) -> Seen | None:
    agreement = record.agreement
    pulled = standing.disqualified or standing.fast_track
    if pulled is not None:
        triggers = (*agreement.disqualify, *agreement.fast_tracks)
        trigger = next(one for one in triggers if one.key == pulled)
        return None if trigger.event is None else trigger_event(trigger, at)
    here = [seen for seen in record.events if seen.occurred_at == begun]
    return here[-1] if here else None
