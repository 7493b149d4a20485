"""Whether the stages make sense: lines that can be crossed, names that exist, none in vain."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.core.agreement import Agreement
from passerelle.core.checks_levels import BANT, grade_labels, level_names, level_range, out_of_range
from passerelle.core.checks_rules import faults_of_field_test
from passerelle.core.faults import Fault, Path, fault_of_sense, unknown
from passerelle.core.ranges import Range
from passerelle.core.stages import DISQUALIFIED, HANDOFF, NURTURING, Stage, When


def faults_of_stages(agreement: Agreement) -> Iterator[Fault]:
    """What makes no sense in the ladder of stages."""
    for key, stage in agreement.stages.items():
        path = ("stages", key)
        if key in (DISQUALIFIED, NURTURING, HANDOFF):
            yield fault_of_sense("reserved_stage", path, key)
        if stage.when is not None:
            yield from _when(agreement, stage.when, (*path, "when"))
        yield from _falls(agreement, stage, path)
    yield from _never_seen(agreement)


def _when(agreement: Agreement, when: When, path: Path) -> Iterator[Fault]:
    for level, line in when.levels.items():
        bounds = level_range(agreement, level)
        if bounds is None:
            yield unknown("unknown_level", (*path, level), level, level_names(agreement))
        elif not line.overlaps_closed(*bounds):
            yield out_of_range((*path, level), line, bounds)
    for field, test in when.fields.items():
        yield from faults_of_field_test(agreement, field, test, (*path, "fields", field))
    for index, grade in enumerate(when.grade or ()):
        labels = grade_labels(agreement)
        if grade not in labels:
            yield unknown("unknown_grade", (*path, "grade", index), grade, labels)
    asked = agreement.qualification and agreement.qualification.sales_qualified
    if when.qualified is not None and not (asked and asked.asks):
        yield fault_of_sense("nothing_qualifies", (*path, "qualified"))
    if when.where and when.event is None:
        yield fault_of_sense("needs_an_event", (*path, "where"))


def _falls(agreement: Agreement, stage: Stage, path: Path) -> Iterator[Fault]:
    for level, line in stage.falls_below.items():
        bounds = level_range(agreement, level)
        if bounds is not None and not bounds[0] <= line <= bounds[1]:
            yield out_of_range((*path, "falls_below", level), line, bounds)


def _never_seen(agreement: Agreement) -> Iterator[Fault]:
    """Stages that a lead always leaves at once, since a later one asks for no more."""
    ladder = list(agreement.stages.items())
    for index, (key, stage) in enumerate(ladder):
        for later, other in ladder[index + 1 :]:
            if _asks_no_more(other, stage):
                yield fault_of_sense("stage_never_seen", ("stages", key), key, later=later)
                break


def _asks_no_more(other: Stage, stage: Stage) -> bool:
    """Whether every lead that stays in `stage` holds the lines of `other`."""
    if stage.when is None or other.when is None or BANT in other.when.levels:
        return False
    if other.when.model_copy(update={"levels": {}}) != When():
        return False
    return all(
        level in stage.when.levels and _lies_in(_staying(stage, stage.when, level), line)
        for level, line in other.when.levels.items()
    )


def _staying(stage: Stage, when: When, level: str) -> Range:
    entry = when.levels[level]
    if level not in stage.falls_below:
        return entry
    return Range(stage.falls_below[level], entry.high, high_included=entry.high_included)


def _lies_in(inner: Range, outer: Range) -> bool:
    below = outer.low is None or (
        inner.low is not None
        and (outer.holds(inner.low) or (inner.low == outer.low and not inner.low_included))
    )
    above = outer.high is None or (
        inner.high is not None
        and (outer.holds(inner.high) or (inner.high == outer.high and not inner.high_included))
    )
    return below and above
