"""The reference scorer: one lead, one agreement, one instant, with every reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead, seen_events
from passerelle.core.ledger import Levels
from passerelle.core.standing import Record, Standing, standing_at


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one lead at `as_of` under one version of an agreement.

    Points are exact decimals; `levels.entries` is the ledger: entries of a dimension, and of the
    total, add up to it without remainder.
    """

    lead: str
    as_of: datetime
    agreement: str
    levels: Levels
    standing: Standing

    @property
    def total(self) -> Decimal:
        """The total score."""
        return self.levels.total

    @property
    def stage(self) -> str:
        """The key of the stage."""
        return self.standing.stage


def score_lead(
    agreement: Agreement, lead: Lead, *, as_of: datetime, known_at: datetime | None = None
) -> Score:
    """The lead's score at `as_of`, with its ledger, from what was known at `known_at`.

    Without `known_at`, from all that is known now: a late event counts at its own time.

    Raises:
        ValueError: `as_of` has no time zone.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of has no time zone")
    record = record_of(agreement, lead, known_at=known_at)
    return Score(
        lead=lead.key,
        as_of=as_of,
        agreement=agreement.version,
        levels=record.levels(as_of),
        standing=standing_at(record, as_of=as_of),
    )


def score_leads(
    agreement: Agreement,
    leads: Iterable[Lead],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
) -> list[Score]:
    """`score_lead` for each of them, in their order: a micro-batch of leads that were touched."""
    return [score_lead(agreement, lead, as_of=as_of, known_at=known_at) for lead in leads]


def record_of(agreement: Agreement, lead: Lead, *, known_at: datetime | None = None) -> Record:
    """The lead as the agreement sees it, from what was known at `known_at`."""
    return Record(agreement, lead.fields, seen_events(agreement, lead.events, known_at=known_at))
