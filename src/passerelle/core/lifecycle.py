"""How a lead moves from stage to stage: every move has a cause and its evidence, and stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from passerelle.core.agreement import Agreement
from passerelle.core.lifecycle_evidence import Finding, evidence_of
from passerelle.core.stages import SALES_QUALIFIED

_BEFORE = datetime.min.replace(tzinfo=UTC)


class Cause(StrEnum):
    """What moved a lead."""

    SCORE = "score"
    FAST_TRACK = "fast_track"
    DISQUALIFIED = "disqualified"
    RECYCLED = "recycled"
    QUALIFIED = "qualified"
    PERSON = "person"
    EXPIRED = "expired"  # a person's decision came to its end
    CRM = "crm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A lead went from one stage to another; `from_stage` is empty when it became a lead.

    It holds from `at` on and was decided at `decided_at`, by that version of the agreement.
    """

    from_stage: str
    to_stage: str
    cause: Cause
    at: datetime
    decided_at: datetime
    agreement: str
    total: Decimal
    evidence: Mapping[str, Any] = field(default_factory=dict)


class BrokenChain(ValueError):
    """A move does not begin where the one before it ended."""

    code = "broken_chain"


@dataclass(frozen=True, slots=True)
class State:
    """Where a lead stands after its moves: nowhere, or at a stage since an instant."""

    stage: str = ""
    since: datetime | None = None
    decided_at: datetime | None = None
    moves: int = 0

    def after(self, move: Move) -> State:
        """The state after one more move.

        Raises:
            BrokenChain: the move does not begin here, leads nowhere else, or was decided before.
        """
        if move.from_stage != self.stage or move.to_stage in (self.stage, ""):
            raise BrokenChain(f"{self.stage!r} → {move.from_stage!r} → {move.to_stage!r}")
        if self.decided_at is not None and move.decided_at < self.decided_at:
            raise BrokenChain(f"decided at {move.decided_at}, after {self.decided_at}")
        return State(move.to_stage, move.at, move.decided_at, self.moves + 1)


def fold(moves: Iterable[Move]) -> State:
    """The state after all the moves, in the order in which they were decided.

    Raises:
        BrokenChain: they are no chain.
    """
    state = State()
    for move in moves:
        state = state.after(move)
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A word on where a lead stands, over the score's: a person's, or another system's.

    It holds from `at` until `until`, or until somebody ended it at `ended_at`; who looks at a lead
    whose decision has expired keeps that as `ended_at` too. The latest word replaces the others.
    """

    stage: str
    at: datetime
    until: datetime | None = None
    ended_at: datetime | None = None
    key: str = ""
    cause: Cause = Cause.PERSON

    @property
    def ends_at(self) -> datetime | None:
        """When it ceases to hold; none: it stays until somebody ends it."""
        ends = [end for end in (self.until, self.ended_at) if end is not None]
        return min(ends, default=None)

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.at <= now and (self.ends_at is None or now < self.ends_at)

    def frees(self, now: datetime) -> bool:
        """Whether it has come to its end and nobody has looked since, or is ended right now."""
        if self.ended_at is not None:
            return self.ended_at == now
        return self.until is not None and self.until <= now


def in_force(decisions: Sequence[Decision], *, now: datetime) -> Decision | None:
    """The decision that holds at an instant: the latest, if it has not come to its end."""
    last = _latest(decisions, now)
    return last if last is not None and last.holds(now) else None


def settled(decisions: Iterable[Decision], *, now: datetime) -> list[Decision]:
    """The decisions after a look at `now`: those that have expired are kept as ended."""
    return [
        replace(one, ended_at=one.until)
        if one.ended_at is None and one.until is not None and one.until <= now
        else one
        for one in decisions
    ]


def decide(
    state: State,
    finding: Finding,
    decisions: Sequence[Decision] = (),
    *,
    now: datetime,
    decided_at: datetime | None = None,
) -> Move | None:
    """The move that a lead makes, if it does not stay: what was decided goes before the score.

    `finding` is what the score says at `now`. A decision that has ended hands the lead back to the
    score; the move says so when the lead stood where the decision had put it. `decided_at` is
    later than `now` when a past instant is acted on.
    """
    last = _latest(decisions, now)
    held = last if last is not None and last.holds(now) else None
    to = finding.standing.stage if held is None else held.stage
    if to == state.stage:
        return None
    freed = last if last is not None and last.frees(now) and last.stage == state.stage else None
    word = held or freed
    if held is not None:
        cause, since = held.cause, held.at
    elif freed is not None:
        cause = Cause.EXPIRED if freed.ended_at is None else freed.cause
        since = max(freed.ends_at or now, finding.since or _BEFORE)
    else:
        cause, since = cause_of(finding), finding.since or now
    decided_at = max(decided_at or now, state.decided_at or now)
    evidence = dict(evidence_of(state.stage, finding))
    if word is not None:
        evidence["decision"] = word.key
    return Move(
        from_stage=state.stage,
        to_stage=to,
        cause=cause,
        at=min(max(since, state.since or since), decided_at),
        decided_at=decided_at,
        agreement=finding.agreement.version,
        total=finding.total,
        evidence=evidence,
    )


def cause_of(finding: Finding) -> Cause:
    """What of the agreement puts a lead where its standing says."""
    standing = finding.standing
    if standing.disqualified is not None:
        return Cause.DISQUALIFIED
    if standing.recycled is not None:
        return Cause.RECYCLED
    if standing.fast_track is not None:
        return Cause.FAST_TRACK
    if standing.bant.qualified and _asks_for_qualification(finding.agreement, standing.stage):
        return Cause.QUALIFIED
    return Cause.SCORE


def _latest(decisions: Sequence[Decision], now: datetime) -> Decision | None:
    said = [one for one in decisions if one.at <= now]
    return max(said, key=lambda one: one.at, default=None)


def _asks_for_qualification(agreement: Agreement, stage: str) -> bool:
    own = agreement.stages.get(stage)
    if own is None:
        return stage == SALES_QUALIFIED
    return own.when is not None and own.when.qualified is True
