"""Why not yet: the next stage up the ladder and what the lead still lacks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import text_of
from passerelle.core.history import Lead, seen_events
from passerelle.core.log import Instant
from passerelle.core.outlook_gaps import (
    DisqualifiedGap,
    Gap,
    RearmGap,
    RestGap,
    gaps_of,
    qualification_gaps,
)
from passerelle.core.scorer import record_of
from passerelle.core.stages import (
    DISQUALIFIED,
    HANDOFF,
    NURTURING,
    SALES_QUALIFIED,
    Disqualifier,
    FastTrack,
)
from passerelle.core.standing import (
    Record,
    Standing,
    given_back_at,
    ladder,
    new_points,
    rank,
    reason_of,
    standing_at,
)
from passerelle.core.triggers import frozen_at, trigger_event, triggered


@dataclass(frozen=True, slots=True)
class NextStage:
    """The next stage up the ladder, all that is missing to it, and the ways around.

    For a disqualified or a nurtured lead, `stage` is where it would stand otherwise, and the gaps
    are what keeps it from there. `shortcuts` are the fast tracks that lead higher than the lead
    stands. While an override freezes the score, no gap of points closes: `frozen_since` says so.
    """

    stage: str
    gaps: tuple[Gap, ...] = ()
    shortcuts: tuple[str, ...] = ()
    frozen_since: datetime | None = None


def why_not_yet(agreement: Agreement, lead: Lead, *, as_of: datetime) -> NextStage | None:
    """What the lead lacks to the next stage at `as_of`; None at the top of the ladder.

    The hand-off that only fast tracks lead to is a way around, not a step: it is the next stage
    only where no other is left.
    """
    return next_stage(known_record(agreement, lead, as_of=as_of), as_of=as_of)


def known_record(agreement: Agreement, lead: Lead, *, as_of: datetime) -> Record:
    """The lead with what has happened by `as_of`, as if nothing more were to happen."""
    past = [event for event in lead.events if event.occurred_at <= as_of]
    return record_of(agreement, replace(lead, events=past))


def next_stage(record: Record, *, as_of: datetime) -> NextStage | None:
    """`why_not_yet` for a record."""
    agreement, at = record.agreement, record.at(as_of)
    standing = standing_at(record, as_of=as_of)
    frozen = min(frozen_at(agreement, at), default=None)
    if standing.stage == DISQUALIFIED:
        stage = _otherwise(record, "disqualify", (), as_of)
        return NextStage(stage, tuple(_disqualified(agreement, at)), (), frozen)
    shortcuts = tuple(_shortcuts(agreement, at, standing))
    if standing.stage == NURTURING:
        stage = _otherwise(record, "recycle", None, as_of)
        return NextStage(stage, tuple(_resting(agreement, at)), shortcuts, frozen)
    steps = ladder(agreement)[max(rank(agreement, standing.stage), 0) :]
    own = [key for key in steps if key != HANDOFF]
    if not steps:
        return None
    if not own:
        return NextStage(steps[0], (), shortcuts, frozen)
    gaps = _missing(record, at, own[0], standing, as_of)
    return NextStage(own[0], tuple(gaps), shortcuts, frozen)


def _missing(
    record: Record, at: Instant, key: str, standing: Standing, as_of: datetime
) -> Iterator[Gap]:
    agreement, given_back = record.agreement, given_back_at(at)
    since = given_back.occurred_at if given_back else None
    stage = agreement.stages.get(key)
    if stage is None:
        if key == SALES_QUALIFIED:
            yield from qualification_gaps(agreement, at, bant=standing.bant, since=since)
    elif stage.when is not None:
        levels = record.levels(as_of)
        yield from gaps_of(
            agreement, stage.when, at, levels=levels, bant=standing.bant, since=since
        )


def _otherwise(record: Record, part: str, without: object, as_of: datetime) -> str:
    """The stage of the lead if the agreement lacked one of its parts."""
    agreement = record.agreement.model_copy(update={part: without})
    events = seen_events(agreement, [seen.event for seen in record.events])
    return standing_at(Record(agreement, record.fields, events), as_of=as_of).stage


def _disqualified(agreement: Agreement, at: Instant) -> Iterator[Gap]:
    for disqualifier in agreement.disqualify:
        if triggered(disqualifier, at):
            yield DisqualifiedGap(disqualifier.key, _lets_go_on(disqualifier, at))


def _lets_go_on(disqualifier: Disqualifier, at: Instant) -> date | None:
    event = trigger_event(disqualifier, at)
    if event is None or disqualifier.window is None:
        return None
    return event.day + timedelta(days=disqualifier.window)


def _resting(agreement: Agreement, at: Instant) -> Iterator[Gap]:
    given_back, recycle = given_back_at(at), agreement.recycle
    if given_back is None or recycle is None:
        return
    reason = reason_of(given_back)
    rest = recycle.after.get(reason, 0)
    if at.age(given_back) < rest:
        yield RestGap(reason, given_back.day + timedelta(days=rest))
    missing = recycle.rearm.new_points - new_points(given_back, at)
    if missing > Decimal(0):
        yield RearmGap(reason, missing)


def _shortcuts(agreement: Agreement, at: Instant, standing: Standing) -> Iterator[str]:
    here = rank(agreement, standing.stage)
    for track in agreement.fast_tracks:
        if rank(agreement, track.to) > here and not is_closed(track, at):
            yield track.key


def is_closed(track: FastTrack, at: Instant) -> bool:
    """Whether the track asks for a field that says otherwise, or that no longer counts."""
    if track.field is None:
        return False
    return text_of(at.fields.get(track.field)) is not None or given_back_at(at) is not None
