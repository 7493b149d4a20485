"""Why a lead falls: what it lost, between two instants, of what its stage stood on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.core.duties import CRITERIA
from passerelle.core.ledger import Levels
from passerelle.core.outlook_gaps import BANT
from passerelle.core.qualification import BantState
from passerelle.core.ranges import Range
from passerelle.core.rules import InactivityRule
from passerelle.core.stages import TOTAL, When
from passerelle.core.standing import Record, Standing

CauseKind = Literal["faded", "silence", "override", "evidence", "fast_track", "unknown"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What was lost most: points of a rule, an override, a criterion's evidence, a fast track.

    `of` is its key or the criterion, `points` what it brought less (below 0) to `level`, which
    then stood at `value` off the `line` to keep. A fast track has no level.
    """

    kind: CauseKind
    of: str
    points: Decimal = Decimal(0)
    level: str | None = None
    value: Decimal | None = None
    line: Range | None = None


def cause_of_fall(
    record: Record, was: Standing, held: Collection[str], *, since: datetime, at: datetime
) -> Cause:
    """Why the lead that stood so from `since` until just before `at` stands lower then.

    `held` are the stages whose own conditions it held just before.
    """
    agreement = record.agreement
    if was.fast_track is not None and was.stage not in held:
        return Cause("fast_track", was.fast_track)
    after = record.bant(at)
    step = agreement.stages.get(was.stage)
    when = step.stays if step is not None else When(qualified=True)
    for level, line in when.levels.items():
        value = after.points if level == BANT else record.levels(at).of(level)
        if not line.holds_level(value):
            if level == BANT:
                return _lapsed(agreement, was.bant, after, line)
            return _lost(record, [level], since, at, (level, value, line))
    if when.qualified and not after.qualified and agreement.qualification is not None:
        return _lapsed(agreement, was.bant, after, agreement.qualification.sales_qualified.bant)
    return _lost(record, list(agreement.grades), since, at, None)


def _lapsed(agreement: Agreement, before: BantState, after: BantState, line: Range | None) -> Cause:
    """The dearest criterion whose evidence has expired."""
    bant = agreement.qualification.bant if agreement.qualification else None
    gone = [c for c in CRITERIA if c in before.assessments and c not in after.assessments]
    if bant is None or not gone:
        return Cause("unknown", BANT, after.points - before.points, BANT, after.points, line)
    dearest = max(gone, key=bant.points)
    return Cause("evidence", dearest, -bant.points(dearest), BANT, after.points, line)


def _lost(
    record: Record,
    levels: list[str],
    since: datetime,
    at: datetime,
    broken: tuple[str, Decimal, Range] | None,
) -> Cause:
    """What changed most, in the direction in which the level left its line."""
    agreement = record.agreement
    change: dict[tuple[CauseKind, str], Decimal] = defaultdict(Decimal)
    for level in levels:
        for sign, moment in ((-1, since), (1, at)):
            for kind, of, points in _brought(agreement, record.levels(moment), level):
                change[kind, of] += sign * points
    rose = broken is not None and broken[2].high is not None and broken[1] > broken[2].high
    if not change:
        return Cause("unknown", "", Decimal(0), *(broken or ()))
    (kind, of), points = (max if rose else min)(change.items(), key=lambda item: item[1])
    return Cause(kind, of, points, *(broken or ()))


def _brought(
    agreement: Agreement, levels: Levels, level: str
) -> Iterator[tuple[CauseKind, str, Decimal]]:
    """What each rule and override brought to a level."""
    counted = agreement.total.dimensions if level == TOTAL else (level,)
    weights = {d: agreement.weight_of(d) if level == TOTAL else Decimal(1) for d in counted}
    for worth in levels.worths:
        rule = agreement.rule(worth.rule)
        kind: CauseKind = "silence" if isinstance(rule, InactivityRule) else "faded"
        dimension = agreement.dimension_of(rule)
        if dimension in weights:
            yield kind, worth.rule, weights[dimension] * worth.points
    for entry in levels.entries:
        if entry.kind == "override" and entry.level in (level, *weights):
            yield "override", entry.of, weights.get(entry.level, Decimal(1)) * entry.points
