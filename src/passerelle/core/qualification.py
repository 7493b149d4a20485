"""BANT as sales assessed it: budget, authority, need and timing, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import boolean_of, text_of
from passerelle.core.duties import BANT_EVENT, CRITERIA
from passerelle.core.history import Seen, selected
from passerelle.core.worth import Instant


@dataclass(frozen=True, slots=True)
class Assessment:
    """One criterion as last assessed; `expires_on` is the local date on which it lapses."""

    met: bool
    seen: Seen
    expires_on: date | None = None

    def said(self, what: str) -> str | None:
        """What the assessment says of its `evidence`, `source` or `confidence`."""
        return text_of(self.seen.properties.get(what))


@dataclass(frozen=True, slots=True)
class BantState:
    """Where qualification stands.

    `assessments` holds the criteria whose evidence still stands; `missing` names what is still
    asked for: events that have not happened, and `bant` when its score is short.
    """

    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    missing: tuple[str, ...] = ()
    qualified: bool = False


def assess(agreement: Agreement, at: Instant, *, since: Seen | None = None) -> BantState:
    """The state of qualification; what must have happened must have happened after `since`.

    A qualification that asks for nothing qualifies nobody.
    """
    qualification = agreement.qualification
    if qualification is None:
        return BantState()
    standing = assessments(at, expires=qualification.bant.evidence_expires)
    points = sum(
        (qualification.bant.points(c) for c, one in standing.items() if one.met), Decimal(0)
    )
    asked = qualification.sales_qualified
    happened = {
        seen.name for seen in at.events if since is None or seen.occurred_at > since.occurred_at
    }
    missing = [name for name in asked.requires if name not in happened]
    if asked.bant is not None and not asked.bant.holds_level(points):
        missing.append("bant")
    return BantState(standing, points, tuple(missing), qualified=asked.asks and not missing)


def assessments(at: Instant, *, expires: int | None = None) -> dict[str, Assessment]:
    """Each criterion as last assessed, where the evidence is less than `expires` days old."""
    standing: dict[str, Assessment] = {}
    for seen in selected(at.events, (BANT_EVENT,)):
        criterion = text_of(seen.properties.get("criterion"))
        met = boolean_of(seen.properties.get("met"))
        if criterion in CRITERIA and met is not None:
            until = None if expires is None else seen.day + timedelta(days=expires)
            standing[criterion] = Assessment(met, seen, until)
    return {
        criterion: one
        for criterion, one in standing.items()
        if one.expires_on is None or at.today < one.expires_on
    }
