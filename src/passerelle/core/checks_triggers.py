"""Whether fast tracks, disqualifiers and overrides make sense."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.core.agreement import Agreement
from passerelle.core.checks_content import triggers_of
from passerelle.core.checks_levels import BANT, level_names, level_range, out_of_range
from passerelle.core.checks_rules import faults_of_field_test
from passerelle.core.faults import Fault, unknown
from passerelle.core.stages import HANDOFF, TOTAL, Override


def faults_of_triggers(agreement: Agreement) -> Iterator[Fault]:
    """What makes no sense in triggers: fields, destinations, clocks, levels."""
    for part, triggers in triggers_of(agreement).items():
        for index, trigger in enumerate(triggers):
            if trigger.field is not None and trigger.test is not None:
                known = trigger.field in agreement.known_fields
                path = (part, index) if known else (part, index, "field")
                yield from faults_of_field_test(agreement, trigger.field, trigger.test, path)
    yield from _fast_tracks(agreement)
    for index, override in enumerate(agreement.overrides):
        yield from _override(agreement, index, override)


def _fast_tracks(agreement: Agreement) -> Iterator[Fault]:
    clocks = agreement.handoff.clocks if agreement.handoff else {}
    ends = [*agreement.stages, HANDOFF]
    for index, track in enumerate(agreement.fast_tracks):
        path = ("fast_tracks", index)
        if track.to not in ends:
            yield unknown("fast_track_to_nowhere", (*path, "to"), track.to, ends)
        if track.clock is not None and track.clock not in clocks:
            yield unknown("unknown_clock", (*path, "clock"), track.clock, clocks)


def _override(agreement: Agreement, index: int, override: Override) -> Iterator[Fault]:
    for name in ("force", "floor", "set_"):
        for level, points in (getattr(override, name) or {}).items():
            path = ("overrides", index, name.rstrip("_"), level)
            bounds = level_range(agreement, level)
            if bounds is None or (name == "set_" and level == TOTAL) or level == BANT:
                yield unknown("unknown_level", path, level, level_names(agreement))
            elif not bounds[0] <= points <= bounds[1]:
                yield out_of_range(path, points, bounds)
