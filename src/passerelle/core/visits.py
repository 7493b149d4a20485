"""Visits: events of the site with less than a gap between one and the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from passerelle.core.agreement import VisitDefinition
from passerelle.core.history import Seen, selected
from passerelle.core.rules import Visits


@dataclass(frozen=True, slots=True)
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
    """Each event of a visit with its mark, in order of time."""
    marks: list[VisitMark] = []
    previous: datetime | None = None
    began: datetime | None = None
    away: timedelta | None = None
    for seen in selected(events, definition.events):
        gap = None if previous is None else seen.occurred_at - previous
        begins = gap is None or gap >= definition.gap
        if begins:
            began, away = seen.occurred_at, gap
        assert began is not None
        marks.append(
            VisitMark(
                seen=seen,
                number=len(marks) and marks[-1].number + begins,
                begins=begins,
                away=away,
                elapsed=seen.occurred_at - began,
                elapsed_before=timedelta() if begins or previous is None else previous - began,
            )
        )
        previous = seen.occurred_at
    return marks
