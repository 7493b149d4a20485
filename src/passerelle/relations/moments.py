"""At which instants leads are looked at: all at one, or each at its own.

Every relation of this room is written once, over a `Moment`: a score for all leads now, a
micro-batch, and a replay at thousands of instants are the same columns over other moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.relations.calendar import day_number

LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant for all leads, or a table of instants by lead.

    `until` is no earlier than any instant looked at. `asks`, when there is one, has the columns
    `lead`, `as_of` (the instant asked for), `seen_at` and `today` (the instant and its local day
    from which the lead is seen, earlier than `as_of` when its score was frozen), and for each
    dimension that was set the column `since_DIMENSION`.
    """

    until: datetime
    today: int
    asks: ir.Table | None = None
    known_at: datetime | None = None

    @property
    def keys(self) -> Sequence[str]:
        """The columns that tell one look from another."""
        return (LEAD,) if self.asks is None else (LEAD, "as_of")

    def look(self, rows: ir.Table) -> ir.Table:
        """The rows in the past of each look, with `today`, and `age` where they have a `day`."""
        if self.asks is None:
            past = rows.mutate(today=ibis.literal(self.today, "int64"))
        else:
            joined = rows.join(self.asks, LEAD)
            past = joined.filter(joined.occurred_at <= joined.seen_at)
        return past.mutate(age=past.today - past.day) if "day" in past.columns else past

    def known(self, events: ir.Table, *tests: ir.BooleanValue) -> ir.Table:
        """The events up to the last look, as far as they were known, that pass the tests.

        One filter for all of it: each reader of the log scans for itself just what it asks for,
        instead of all sharing one copy of everything.
        """
        if "day" in events.columns:  # marked, so known already
            return events.filter(*tests) if tests else events
        past = [events.occurred_at <= instant(self.until)]
        if self.known_at is not None:
            received = events.received_at.coalesce(events.occurred_at)
            past.append(received <= instant(self.known_at))
        return events.filter(*tests, *past)


def moment_at(agreement: Agreement, *, as_of: datetime, known_at: datetime | None = None) -> Moment:
    """All leads at one instant."""
    as_of = as_of.astimezone(UTC)
    return Moment(as_of, day_number(agreement.day(as_of)), known_at=known_at)


def instant(at: datetime) -> ir.TimestampScalar:
    """An instant as a UTC timestamp without a zone."""
    return ibis.literal(at.astimezone(UTC).replace(tzinfo=None), "timestamp(6)")
