"""What the numbers come to: the one or two sentences with which each section begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from passerelle.core.agreement import Agreement
from passerelle.core.stages import HANDOFF
from passerelle.report.gathering import Numbers
from passerelle.report.level_numbers import Matrix
from passerelle.report.log_numbers import EventNumbers, LogNumbers, events_read
from passerelle.report.naming import is_known_event
from passerelle.report.stage_numbers import StageCount, StageNumbers
from passerelle.words import Language, catalogue

MOST_UNREAD = 20


@dataclass(frozen=True, slots=True)
class Unread:
    """Events nothing asks for, and the name that was perhaps meant."""

    event: EventNumbers
    near: str


def ripe_stage(agreement: Agreement, stages: StageNumbers) -> StageCount | None:
    """The stage at which marketing's work is done: `mql`, or the lowest scored one of a person."""
    by_key = {one.key: one for one in stages.rungs}
    if "mql" in by_key:
        return by_key["mql"]
    scored = [
        key
        for key, stage in agreement.stages.items()
        if stage.when and (stage.when.levels or stage.when.grade)
    ]
    return by_key[scored[-1]] if scored else by_key.get(HANDOFF)


def tiles(agreement: Agreement, stages: StageNumbers) -> Iterator[tuple[StageCount, bool]]:
    """The stages worth a tile of their own, and whether those higher up are counted with it."""
    ripe = ripe_stage(agreement, stages)
    if ripe is not None:
        yield ripe, True
    for one in reversed(stages.rungs):
        if one.key == HANDOFF and one is not ripe:
            yield one, False
    for one in stages.aside:
        yield one, False


def rules_of_half(numbers: Numbers) -> int:
    """How many rules, the weightiest first, give half of all points; 0 when there are none."""
    so_far = 0.0
    for place, rule in enumerate(numbers.rules, start=1):
        so_far += rule.share
        if so_far >= 0.5 - 1e-9:
            return place
    return 0


def poor_fields(numbers: Numbers) -> tuple[int, int]:
    """Of the fields the agreement reads, those half empty, and how many are read."""
    read = [field for field in numbers.fields if field.role == "read"]
    poor = [field for field in read if 2 * field.filled < numbers.stages.leads]
    return len(poor), len(read)


def best_corner(matrix: Matrix) -> int:
    """Leads in the best row and the best column."""
    return matrix.counts.get((matrix.row_labels[0], matrix.column_labels[-1]), 0)


def events_asked(log: LogNumbers) -> int:
    """Events of a name that something asks for."""
    return sum(event.n for event in log.events if event.is_read)


def unread_events(agreement: Agreement, log: LogNumbers, language: Language) -> list[Unread]:
    """Names that nothing asks for, strangers to the trade first, with what was perhaps meant."""
    meant = sorted({*events_read(agreement), *catalogue("events", language)["nouns"]})
    unread = [
        Unread(event, "" if known else _near(event.name, meant))
        for event in log.events
        if not event.is_read
        for known in (is_known_event(event.name, language),)
    ]
    unread.sort(key=lambda one: (is_known_event(one.event.name, language), -one.event.n))
    return unread[:MOST_UNREAD]


def _near(name: str, meant: list[str]) -> str:
    return next(iter(get_close_matches(name[:60].lower(), meant, n=1, cutoff=0.75)), "")
