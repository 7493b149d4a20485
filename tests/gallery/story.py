"""How gallery tests tell a story: days of a lead's life, and what an agreement makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.reading import read_agreement
from passerelle.core.scorer import Score, record_of, score_lead
from passerelle.core.standing import standing_at
from tests.core.builders import a_change, an_event

GALLERY = Path(__file__).parents[2] / "agreements"
START = datetime(2024, 4, 8, 14, tzinfo=UTC)
"""A Monday: 16:00 in Paris, 10:00 in New York, 7:00 in Los Angeles."""

SILENCES = (timedelta(days=30), timedelta(days=60), timedelta(days=200))


def gallery_files() -> list[Path]:
    """Every agreement of the gallery."""
    return sorted(GALLERY.glob("*.yaml"))


@cache
def gallery(key: str) -> Agreement:
    """The gallery's agreement of that key."""
    return read_agreement((GALLERY / f"{key}.yaml").read_text("utf-8"))


def day(number: float, minute: float = 0) -> datetime:
    """So many days and minutes after the story's start."""
    return START + timedelta(days=number, minutes=minute)


def on(number: float, name: str, minute: float = 0, **properties: Any) -> Event:
    """Something that happens on that day of the story."""
    return an_event(name, at=day(number, minute), **properties)


def says(number: float, **fields: object) -> list[Event]:
    """Fields that become known on that day."""
    return [a_change(name, value, at=day(number)) for name, value in fields.items()]


def bant(number: float, *, missing: Iterable[str] = ()) -> list[Event]:
    """All four criteria, assessed on that day; met, but for those that are missing."""
    return [
        on(number, "bant_assessed", criterion=criterion, met=criterion not in missing)
        for criterion in ("budget", "authority", "need", "timing")
    ]


def at_end_of(agreement: Agreement, lead: Lead, number: float) -> Score:
    """The score some hours after that day's events."""
    return score_lead(agreement, lead, as_of=day(number, 300))


def stages_by_day(agreement: Agreement, lead: Lead, *numbers: float) -> list[str]:
    """The stage at the end of each of those days."""
    return [at_end_of(agreement, lead, number).stage for number in numbers]


@dataclass(slots=True)
class Used:
    """What of an agreement was used, over all instants of some leads' lives."""

    rules: set[str] = field(default_factory=set)
    stages: set[str] = field(default_factory=set)
    triggers: set[str] = field(default_factory=set)


def used_by(agreement: Agreement, leads: Iterable[Lead]) -> Used:
    """What fired at any event of these leads, and in the silences after the last one."""
    used = Used()
    for lead in leads:
        record = record_of(agreement, lead)
        happened = sorted({event.occurred_at for event in lead.events}) or [START]
        for instant in [*happened, *(happened[-1] + silence for silence in SILENCES)]:
            levels, standing = record.levels(instant), standing_at(record, as_of=instant)
            used.rules |= {w.rule for w in levels.worths if any(c.granted for c in w.contributions)}
            used.stages.add(standing.stage)
            used.triggers |= {t for t in (standing.fast_track, standing.disqualified) if t}
            used.triggers |= {e.of for e in levels.entries if e.kind in ("override", "set")}
    return used
