"""Visits: events of the site with less than a gap between one and the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from passerelle.core.agreement import VisitDefinition
from passerelle.core.history import Seen
from passerelle.core.rules import Visits

NOTHING = timedelta()


@dataclass(slots=True)
class VisitMark:
    """One event of a visit: which visit, since when, after what absence.

    `away` is the time between the last event of the visit before and the first of this one.
    `elapsed_before` is the time from the visit's first event to the event before this one.
    """

    seen: Seen
    number: int
    begins: bool
    away: timedelta | None
    elapsed: timedelta
    elapsed_before: timedelta

    def is_occurrence_of(self, asked: Visits, definition: VisitDefinition) -> bool:
        """Whether what the rule asks of visits happens at this very event."""
        if asked.lasts is not None:
            return self.elapsed_before < asked.lasts <= self.elapsed
        if not self.begins:
            return False
        if not asked.returning:
            return True
        after = asked.after or definition.gap
        return (
            self.away is not None
            and self.away >= after
            and (asked.within is None or self.away < asked.within)
        )


def visit_marks(definition: VisitDefinition, events: Sequence[Seen]) -> list[VisitMark]:
    """Each of the events of which visits are made, in order of time, with its mark."""
    marks: list[VisitMark] = []
    number, gap, before, elapsed = -1, definition.gap, NOTHING, NOTHING
    previous: datetime | None = None
    began: datetime | None = None
    away: timedelta | None = None
    for seen in events:
        at = seen.occurred_at
        since = None if previous is None else at - previous
        begins = since is None or since >= gap
        if begins or began is None:
            number, began, away, before, elapsed = number + 1, at, since, NOTHING, NOTHING
        else:
            before, elapsed = elapsed, at - began
        marks.append(VisitMark(seen, number, begins, away, elapsed, before))
        previous = at
    return marks
