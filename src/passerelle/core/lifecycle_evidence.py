"""What the score says of a lead at one instant, and what of it put the lead where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from passerelle.core.agreement import Agreement
from passerelle.core.history import Seen
from passerelle.core.ledger import RuleWorth
from passerelle.core.stages import TOTAL, When
from passerelle.core.standing import Standing

MOST_RULES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The levels and the standing of a lead, and since when it stands there.

    `since` is none where it did already when it was last looked at, as is known by now. `seen` is
    the event that put it there, where one did and it is known. The worths need not hold reasons.
    """

    agreement: Agreement
    standing: Standing
    since: datetime | None
    total: Decimal
    dimensions: Mapping[str, Decimal]
    worths: Sequence[RuleWorth] = ()
    seen: Seen | None = None

    def level(self, key: str) -> Decimal:
        """The total, BANT's points, or those of a dimension."""
        if key == TOTAL:
            return self.total
        return self.standing.bant.points if key == "bant" else self.dimensions[key]


def evidence_of(from_stage: str, finding: Finding) -> dict[str, Any]:
    """What put the lead where it stands, as plain values that can be kept.

    `levels` are the points on which the stages it left and entered depend, `lines` those that it
    reached, `missed` those below which it fell, `rules` the weightiest; then the fast track, the
    disqualifier or the reason of its return, and the event.
    """
    standing = finding.standing
    found: dict[str, Any] = {
        "levels": {level: plain(finding.level(level)) for level in _levels(from_stage, finding)},
        "lines": _lines(finding),
        "missed": _missed(from_stage, finding),
        "rules": [[worth.rule, plain(worth.points)] for worth in weightiest(finding)],
        "fast_track": standing.fast_track,
        "clock": standing.clock,
        "disqualified": standing.disqualified,
        "recycled": standing.recycled,
    }
    if finding.seen is not None:
        event = finding.seen.event
        at = event.occurred_at.isoformat()
        found["event"] = {"id": event.id, "name": event.name, "at": at}
    return {key: value for key, value in found.items() if value}


def weightiest(finding: Finding) -> list[RuleWorth]:
    """The rules that bring or take most of the total, before any line held them."""
    agreement = finding.agreement
    given = [worth for worth in finding.worths if worth.points]

    def weight(worth: RuleWorth) -> Decimal:
        dimension = agreement.dimension_of(agreement.rule(worth.rule))
        counts = dimension in agreement.total.dimensions
        return abs(worth.points * agreement.weight_of(dimension)) if counts else Decimal(0)

    return sorted(given, key=weight, reverse=True)[:MOST_RULES]


def plain(points: Decimal) -> str:
    """Points as text, without zeros that say nothing."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _when(finding: Finding, stage: str) -> When | None:
    own = finding.agreement.stages.get(stage)
    return None if own is None else own.when


def _levels(from_stage: str, finding: Finding) -> Iterator[str]:
    yield TOTAL
    known: set[str] = set()
    for stage in (from_stage, finding.standing.stage):
        when = _when(finding, stage)
        known |= set(when.levels if when else ())
    yield from sorted(known - {TOTAL})


def _lines(finding: Finding) -> dict[str, str]:
    when = _when(finding, finding.standing.stage)
    return {level: str(line) for level, line in when.levels.items()} if when else {}


def _missed(from_stage: str, finding: Finding) -> dict[str, str]:
    own = finding.agreement.stages.get(from_stage)
    if own is None:
        return {}
    lines = own.stays.levels
    return {
        level: str(line)
        for level, line in lines.items()
        if not line.holds_level(finding.level(level))
    }
