"""Whether the duties make sense: qualification, hours, clocks and return reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from passerelle.core.agreement import Agreement
from passerelle.core.checks_levels import BANT, level_range, out_of_range
from passerelle.core.duties import Clock
from passerelle.core.faults import Fault, Path, fault_of_sense, unknown


def faults_of_duties(agreement: Agreement) -> Iterator[Fault]:
    """What makes no sense in what the teams owe each other."""
    yield from _qualification(agreement)
    if agreement.handoff is not None:
        calendar = agreement.handoff.calendar
        if calendar is not None and not any(calendar.weekly.values()):
            yield fault_of_sense("never_open", ("handoff", "calendar", "weekly"))
        yield from _clocks(agreement.handoff.clocks)
    yield from _reasons(agreement)


def _qualification(agreement: Agreement) -> Iterator[Fault]:
    if agreement.qualification is None:
        return
    path: Path = ("qualification", "sql")
    asked = agreement.qualification.sales_qualified
    bounds = level_range(agreement, BANT)
    if asked.bant is not None and bounds and not asked.bant.overlaps_closed(*bounds):
        yield out_of_range((*path, "bant"), asked.bant, bounds)


def _clocks(clocks: dict[str, Clock]) -> Iterator[Fault]:
    path: Path = ("handoff", "clocks")
    for key, clock in clocks.items():
        if clock.contact < clock.accept:
            yield _contradiction((*path, key, "contact"), clock.contact, "accept", clock.accept)
    hot, warm = clocks.get("hot"), clocks.get("warm")
    if hot and warm:
        if hot.accept > warm.accept:
            yield _contradiction((*path, "hot", "accept"), hot.accept, "warm.accept", warm.accept)
        if hot.contact > warm.contact:
            yield _contradiction(
                (*path, "hot", "contact"), hot.contact, "warm.contact", warm.contact
            )


def _contradiction(path: Path, found: timedelta, what: str, other: timedelta) -> Fault:
    return fault_of_sense("clock_contradicts", path, _short(found), what=what, other=_short(other))


def _reasons(agreement: Agreement) -> Iterator[Fault]:
    if agreement.recycle is None or agreement.handoff is None:
        return
    if not agreement.handoff.return_reasons:
        return
    known = {*agreement.handoff.return_reasons, "lost"}
    for reason in agreement.recycle.after:
        if reason not in known:
            yield unknown("unknown_reason", ("recycle", "after", reason), reason, sorted(known))


def _short(span: timedelta) -> str:
    """The span as the agreement writes it, such as `90m`."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
