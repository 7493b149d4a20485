"""Whether something happened, or a field holds something, as triggers ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from passerelle.core.agreement import Agreement
from passerelle.core.history import Seen
from passerelle.core.log import Instant
from passerelle.core.stages import Override, Trigger


def triggered(trigger: Trigger, at: Instant) -> bool:
    """Whether the trigger holds at the instant."""
    if trigger.field is not None:
        return trigger.test is not None and trigger.test.holds(at.fields.get(trigger.field))
    return trigger_event(trigger, at) is not None


def trigger_event(trigger: Trigger, at: Instant) -> Seen | None:
    """The latest event that pulls the trigger, if it is still in the trigger's window."""
    happened = at.chosen(trigger)
    if not happened:
        return None
    last = happened[-1]
    return last if trigger.window is None or at.age(last) < trigger.window else None


def frozen_at(agreement: Agreement, at: Instant) -> Iterator[datetime]:
    """The instants since which freezes hold: the first freezing event after the last thaw."""
    for override in agreement.overrides:
        if not override.freeze:
            continue
        thaws = at.named(override.until or ())
        since = [
            seen.occurred_at
            for seen in at.chosen(override)
            if not thaws or seen.occurred_at > thaws[-1].occurred_at
        ]
        if since:
            yield since[0]


def latest_setting(
    agreement: Agreement, dimension: str, at: Instant
) -> tuple[Seen, Override] | None:
    """The last event that set the dimension, with its override; the later declared wins a tie."""
    setting: tuple[Seen, Override] | None = None
    for override in agreement.overrides:
        if dimension not in (override.set_ or {}):
            continue
        happened = at.chosen(override)
        if happened and (setting is None or happened[-1].occurred_at >= setting[0].occurred_at):
            setting = (happened[-1], override)
    return setting
