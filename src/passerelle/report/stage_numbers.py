"""Where leads stand: how many on each rung, aside, by fast track and by disqualifier."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from passerelle.core.agreement import Agreement
from passerelle.core.duties import WON
from passerelle.core.stages import DISQUALIFIED, LEAD, NURTURING
from passerelle.core.standing import ladder
from passerelle.files.quoting import identifier
from passerelle.report.asking import rows


@dataclass(frozen=True, slots=True)
class StageCount:
    """One stage: its leads, those there or higher up, and their mean total."""

    key: str
    n: int
    reached: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How many leads a trigger or a reason explains, and their mean total."""

    key: str
    n: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class StageNumbers:
    """Every lead counted once: on a rung of the ladder (lowest first) or aside."""

    leads: int
    rungs: tuple[StageCount, ...]
    aside: tuple[StageCount, ...]
    tracks: tuple[KeyCount, ...]
    disqualifiers: tuple[KeyCount, ...]
    reasons: tuple[KeyCount, ...]

    @property
    def stages(self) -> tuple[StageCount, ...]:
        """Rungs, lowest first, then those aside."""
        return (*self.rungs, *self.aside)

    def n(self, stage: str) -> int:
        """How many leads stand there."""
        return next((one.n for one in self.stages if one.key == stage), 0)


def rungs_of(agreement: Agreement) -> tuple[str, ...]:
    """The stages of the ladder, lowest first, the plain lead among them."""
    climbed = ladder(agreement)
    return climbed if LEAD in climbed else (LEAD, *climbed)


def asides_of(agreement: Agreement) -> tuple[str, ...]:
    """Where a lead is that stands on no rung."""
    return tuple(key for key in (NURTURING, DISQUALIFIED) if key not in rungs_of(agreement))


def won_stages(agreement: Agreement) -> tuple[str, ...]:
    """The stages that only a sale leads to: who stands there is a customer."""
    return tuple(
        key
        for key, stage in agreement.stages.items()
        if stage.when is not None and stage.when.event == (WON,)
    )


def count_stages(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str
) -> StageNumbers:
    """Count the leads of the table `scored` by where they stand and by what put them there."""
    found = rows(
        connection,
        "SELECT stage, fast_track, disqualified, recycled, count(*), sum(level__total) "
        f"FROM {identifier(scored)} GROUP BY ALL",
    )
    leads: dict[int, Counter[str]] = defaultdict(Counter)
    totals: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for *keys, n, total in found:
        for place, key in enumerate(keys):
            if key is not None:
                leads[place][key] += n
                totals[place][key] += total

    def counted(place: int, keys: Iterable[str]) -> tuple[KeyCount, ...]:
        return tuple(
            KeyCount(key, n, totals[place][key] / n if n else None)
            for key in keys
            for n in (leads[place][key],)
        )

    return StageNumbers(
        leads=sum(n for *_, n, _ in found),
        rungs=_reached(counted(0, rungs_of(agreement))),
        aside=tuple(StageCount(c.key, c.n, c.n, c.mean) for c in counted(0, asides_of(agreement))),
        tracks=counted(1, (track.key for track in agreement.fast_tracks)),
        disqualifiers=counted(2, (one.key for one in agreement.disqualify)),
        reasons=counted(3, (reason for reason, _ in leads[3].most_common())),
    )


def _reached(counts: tuple[KeyCount, ...]) -> tuple[StageCount, ...]:
    return tuple(
        StageCount(one.key, one.n, sum(above.n for above in counts[place:]), one.mean)
        for place, one in enumerate(counts)
    )
