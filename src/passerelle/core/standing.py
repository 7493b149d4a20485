"""Where a lead stands: disqualified, nurtured, or the highest stage whose line it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value, passes, text_of
from passerelle.core.counting import granted
from passerelle.core.duties import LOST, RETURNED, WON
from passerelle.core.history import Seen
from passerelle.core.ledger import Levels
from passerelle.core.levels import levels_at
from passerelle.core.log import Instant, Log
from passerelle.core.qualification import UNASKED, BantState, assess
from passerelle.core.rules import CountingRule
from passerelle.core.stages import (
    DISQUALIFIED,
    HANDOFF,
    LEAD,
    NURTURING,
    SALES_QUALIFIED,
    FastTrack,
    Stage,
    When,
)
from passerelle.core.triggers import trigger_event, triggered


@dataclass(frozen=True, slots=True)
class Standing:
    """The stage of a lead and what put it there.

    `fast_track` and `disqualified` are keys of the agreement; `recycled` is the reason for which
    it was given back and is not up again; `clock` is the clock on which it is handed over.
    """

    stage: str
    fast_track: str | None = None
    clock: str | None = None
    disqualified: str | None = None
    recycled: str | None = None
    bant: BantState = field(default_factory=BantState)


class Record(Log):
    """One lead's fields and log, as seen by one agreement; each instant is reckoned once."""

    def __init__(
        self, agreement: Agreement, fields: Mapping[str, Value], events: Sequence[Seen]
    ) -> None:
        super().__init__(agreement, fields, events)
        self._levels: dict[datetime, Levels] = {}
        self._bant: dict[datetime, BantState] = {}

    def levels(self, instant: datetime) -> Levels:
        """Every level at one instant."""
        if instant not in self._levels:
            self._levels[instant] = levels_at(self, instant)
        return self._levels[instant]

    def bant(self, instant: datetime) -> BantState:
        """Where qualification stands at one instant, since the lead was last given back."""
        if self.agreement.qualification is None:
            return UNASKED
        if instant not in self._bant:
            at = self.at(instant)
            self._bant[instant] = assess(self.agreement, at, since=given_back_at(at))
        return self._bant[instant]

    def followed_by(self, later: Sequence[Seen]) -> Record:
        """The record with later events; the levels before the first of them need no reckoning."""
        record = Record(self.agreement, self.fields, [*self.events, *later])
        first = min(seen.occurred_at for seen in later)
        record._levels.update({at: known for at, known in self._levels.items() if at < first})
        return record


def ladder(agreement: Agreement) -> tuple[str, ...]:
    """All stages a lead can climb, lowest first.

    The hand-off, when a fast track leads there and no stage of the agreement is called so, stands
    after the last stage with a line of points; `sql`, when there is a qualification and no stage
    asks for it or is called so, stands after that.
    """
    return agreement.once(_ladder)


def rank(agreement: Agreement, stage: str) -> int:
    """How high a stage stands: those of the ladder from 1, below them `lead`, then the others."""
    steps = ladder(agreement)
    if stage in steps:
        return steps.index(stage) + 1
    return {LEAD: 0, NURTURING: -1}.get(stage, -2)


def standing_at(
    record: Record, *, as_of: datetime, held: Collection[str] | None = None
) -> Standing:
    """Where the lead stands at `as_of`; `held` are its `held_stages` where they are known."""
    agreement, at = record.agreement, record.at(as_of)
    given_back = given_back_at(at)
    bant = record.bant(as_of)
    for disqualifier in agreement.disqualify:
        if triggered(disqualifier, at):
            return Standing(DISQUALIFIED, disqualified=disqualifier.key, bant=bant)
    tracks = [t for t in agreement.fast_tracks if _is_open(t, at, given_back)]
    if given_back is not None and not tracks and not _is_rearmed(agreement, given_back, at):
        return Standing(NURTURING, recycled=reason_of(given_back), bant=bant)
    own = held_stages(record, as_of=as_of) if held is None else held
    pulled = {track.to for track in tracks}
    reached = [key for key in ladder(agreement) if key in own or key in pulled]
    stage = reached[-1] if reached else LEAD
    fast = next((track for track in tracks if track.to == stage), None)
    if fast is None:
        return Standing(stage, bant=bant)
    return Standing(stage, fast.key, fast.clock, bant=bant)


def held_stages(
    record: Record, *, as_of: datetime, before: Collection[str] | None = None
) -> tuple[str, ...]:
    """The stages whose own conditions the lead holds at `as_of`, lowest first.

    `before` names those that it held just before; without it the log is looked back over.
    """
    return tuple(k for k in ladder(record.agreement) if _holds(record, k, as_of, before))


def given_back_at(at: Instant) -> Seen | None:
    """The last time the lead was given back or the sale lost, if no sale was won since."""
    backs, wins = at.named((RETURNED, LOST)), at.named((WON,))
    if not backs or (wins and wins[-1].occurred_at >= backs[-1].occurred_at):
        return None
    return backs[-1]


def reason_of(given_back: Seen) -> str:
    """The reason for which a lead was given back; `lost` for a lost sale."""
    if given_back.name == LOST:
        return "lost"
    return text_of(given_back.said("reason")) or "unknown"


def _ladder(agreement: Agreement) -> tuple[str, ...]:
    stages = list(agreement.stages)
    scored = [i for i, stage in enumerate(agreement.stages.values()) if _is_scored(stage)]
    place = scored[-1] + 1 if scored else len(stages)
    asked = any(stage.when and stage.when.qualified for stage in agreement.stages.values())
    implied = [HANDOFF] if any(t.to == HANDOFF for t in agreement.fast_tracks) else []
    if agreement.qualification is not None and not asked and SALES_QUALIFIED not in stages:
        implied.append(SALES_QUALIFIED)
    return tuple(stages[:place] + implied + stages[place:])


def _is_scored(stage: Stage) -> bool:
    return stage.when is not None and bool(stage.when.levels or stage.when.grade)


def _is_open(track: FastTrack, at: Instant, given_back: Seen | None) -> bool:
    """Whether the track is pulled; after a return, by something that came later."""
    if given_back is None:
        return triggered(track, at)
    if track.field is not None:
        return False
    event = trigger_event(track, at)
    return event is not None and event.occurred_at > given_back.occurred_at


def _is_rearmed(agreement: Agreement, given_back: Seen, at: Instant) -> bool:
    recycle = agreement.recycle
    if recycle is None:
        return True
    if at.age(given_back) < recycle.after.get(reason_of(given_back), 0):
        return False
    return new_points(given_back, at) >= recycle.rearm.new_points


def new_points(given_back: Seen, at: Instant) -> Decimal:
    """The good points that were granted for what happened after the lead was given back."""
    since = given_back.occurred_at
    return sum(
        (
            points
            for rule in at.log.agreement.rules
            if isinstance(rule, CountingRule)
            for _, points in granted(at.log, rule).between(since, at).pairs()
            if points > 0
        ),
        Decimal(0),
    )


def _holds(record: Record, key: str, as_of: datetime, before: Collection[str] | None) -> bool:
    stage = record.agreement.stages.get(key)
    if stage is None:
        return key == SALES_QUALIFIED and record.bant(as_of).qualified
    if stage.when is None:
        return True
    stays = record.lens.stays[key]
    if not stage.falls_below:
        return _meets(record, stage.when, as_of)
    if before is None:
        return _entered_and_stayed(record, stage.when, stays, as_of)
    return _meets(record, stage.when, as_of) or (key in before and _meets(record, stays, as_of))


def _entered_and_stayed(record: Record, enter: When, stay: When, as_of: datetime) -> bool:
    """Whether the lead entered and has stayed, looking back to the last instant that decides."""
    for instant in instants(record, until=as_of):
        if _meets(record, enter, instant):
            return True
        if not _meets(record, stay, instant):
            return False
    return False


def instants(record: Record, *, until: datetime) -> Iterator[datetime]:
    """Every instant at which something can have changed, latest first: events and midnights."""
    past = [seen for seen in record.events if seen.occurred_at <= until]
    yield until
    if not past:
        return
    agreement = record.agreement
    days = (agreement.day(until) - past[0].day).days
    midnights = {agreement.midnight(past[0].day + timedelta(days=n + 1)) for n in range(days)}
    yield from sorted({*midnights, *(seen.occurred_at for seen in past)}, reverse=True)


def _meets(record: Record, when: When, instant: datetime) -> bool:
    for level, line in when.levels.items():
        of_bant = level == "bant"
        points = record.bant(instant).points if of_bant else record.levels(instant).of(level)
        if not line.holds_level(points):
            return False
    return (
        (when.grade is None or record.levels(instant).grade in when.grade)
        and (when.event is None or bool(record.at(instant).chosen(when)))
        and (not when.fields or passes(when.fields, record.at(instant).fields))
        and (when.qualified is None or record.bant(instant).qualified is when.qualified)
    )
