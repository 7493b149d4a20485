"""The greedy cool-down in columns, by one small function that each engine defines its own way.

Whether an event counts depends on the last one that counted, event by event: no window function
says that. So the times of a lead are gathered into a list and folded by
`passerelle_cool_down(times, gap)`, both in microseconds, which keeps the times that count: see
`functions`.
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from passerelle.relations.calendar import seconds


@ibis.udf.scalar.builtin(name="passerelle_cool_down")  # type: ignore[untyped-decorator]  # no stubs
def _cool_down(times: dt.Array[dt.int64], gap: dt.int64) -> dt.Array[dt.int64]:
    """The times that count."""


def cooled(rows: ir.Table, cool_down: timedelta) -> ir.Table:
    """The rows of each lead that count; of those that share an instant, the first."""
    rows = rows.mutate(micros=microseconds(rows.occurred_at))
    gathered = rows.group_by("lead").aggregate(times=rows.micros.collect())
    kept = gathered.select(
        "lead",
        micros=_cool_down(gathered.times, int(cool_down.total_seconds() * 1_000_000)).unnest(),
    )
    once = rows.group_by("lead", "micros").aggregate(
        occurred_at=rows.occurred_at.min(), day=rows.day.min()
    )
    return once.semi_join(kept, ["lead", "micros"])


def microseconds(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Microseconds since 1970, exactly."""
    return seconds(instant) * 1_000_000 + instant.microsecond().cast("int64")
