"""What the log holds: events by name and month, which of them anything reads, which content."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb
import ibis

from passerelle.core.agreement import Agreement
from passerelle.core.checks_content import triggers_of
from passerelle.core.conditions import passes
from passerelle.core.duties import BANT_EVENT, LOST, RETURNED, WON
from passerelle.core.history import FIELD_CHANGED
from passerelle.core.parts import ANY, SIGNS_OF_LIFE, is_named
from passerelle.core.rules import (
    VISIT,
    DistinctRule,
    EventRule,
    InactivityRule,
    Rule,
    VelocityRule,
    VisitRule,
)
from passerelle.files.quoting import identifier
from passerelle.relations.calendar import EPOCH, local_day, seconds
from passerelle.relations.duck import run
from passerelle.relations.moments import moment_at
from passerelle.relations.tables import input_tables
from passerelle.report.asking import columns_of, rows

MOST_ASSETS = 20_000
MOST_STRANGERS = 8


@dataclass(frozen=True, slots=True)
class EventNumbers:
    """Events of one name: how many, of how many leads, in which months, and who reads them."""

    name: str
    n: int
    leads: int
    months: Mapping[date, int]
    is_read: bool


@dataclass(frozen=True, slots=True)
class LogNumbers:
    """All events up to the instant of the scoring; `months` has no gap."""

    events: tuple[EventNumbers, ...]
    months: tuple[date, ...]
    first: date | None
    last: date | None

    @property
    def n(self) -> int:
        """Every event."""
        return sum(event.n for event in self.events)

    def of(self, name: str) -> int:
        """Events of that name, which may stand for many: `*`, `signs_of_life`."""
        return sum(e.n for e in self.events if is_named(e.name, (name,)))


@dataclass(frozen=True, slots=True)
class ContentNumbers:
    """Events by kind and phase of their content; `strangers` are known to no line of content."""

    kinds: tuple[tuple[str | None, str | None, int], ...]
    strangers: tuple[tuple[str, int], ...]
    without: int
    passed_over: int


def count_events(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, *, as_of: datetime
) -> LogNumbers:
    """Count the connection's `events` by name and local month, the commonest first."""
    known = moment_at(agreement, as_of=as_of).known(input_tables(agreement).events)
    day = local_day(seconds(known.occurred_at), agreement.zone, until=as_of)
    by_day = known.group_by("event", day=day).aggregate(n=ibis._.count())
    by_name = known.group_by("event").aggregate(leads=known.lead.nunique())
    leads = dict(run(connection, by_name.select("event", "leads")).fetchall())
    months: dict[str, Counter[date]] = defaultdict(Counter)
    days: set[int] = set()
    for name, number, n in run(connection, by_day.select("event", "day", "n")).fetchall():
        months[name][(EPOCH + timedelta(days=number)).replace(day=1)] += n
        days.add(number)
    read = events_read(agreement)
    events = [
        EventNumbers(name, sum(counts.values()), leads[name], counts, name in read)
        for name, counts in months.items()
    ]
    return LogNumbers(
        events=tuple(sorted(events, key=lambda event: (-event.n, event.name))),
        months=tuple(_months(min(days), max(days))) if days else (),
        first=EPOCH + timedelta(days=min(days)) if days else None,
        last=EPOCH + timedelta(days=max(days)) if days else None,
    )


def events_read(agreement: Agreement) -> frozenset[str]:
    """The events that something in the agreement asks for by name."""
    read: set[str] = {FIELD_CHANGED, RETURNED, LOST, WON}
    for rule in agreement.rules:
        read.update(_read_by(rule, agreement))
    for triggers in triggers_of(agreement).values():
        for trigger in triggers:
            read.update(trigger.event or ())
    for override in agreement.overrides:
        read.update(override.until or ())
    for stage in agreement.stages.values():
        read.update((stage.when.event if stage.when else None) or ())
    if agreement.qualification is not None:
        read.update((BANT_EVENT, *agreement.qualification.sales_qualified.requires))
    return frozenset(read - {ANY, SIGNS_OF_LIFE})


def _read_by(rule: Rule, agreement: Agreement) -> Sequence[str]:
    match rule:
        case EventRule():
            return rule.event
        case VelocityRule():
            return rule.velocity.events
        case InactivityRule():
            return rule.inactive.events
        case DistinctRule() if rule.distinct.of == VISIT:
            return (*rule.distinct.events, *agreement.visits.events)
        case DistinctRule():
            return rule.distinct.events
        case VisitRule():
            return agreement.visits.events
    return ()


def count_content(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement
) -> ContentNumbers | None:
    """Count events by what their content is; None when the agreement describes no content."""
    known = columns_of(connection, "events")
    names = list(dict.fromkeys(n for content in agreement.content for n in content.where))
    names = [name for name in names if name in known]
    if not names:
        return None
    listed = ", ".join(identifier(name) for name in names)
    found = rows(
        connection,
        f"SELECT {listed}, count(*) AS n FROM events "
        f"WHERE {' OR '.join(f'{identifier(name)} IS NOT NULL' for name in names)} "
        f"GROUP BY ALL ORDER BY n DESC, {listed} LIMIT {MOST_ASSETS + 1}",
    )
    kinds: Counter[tuple[str | None, str | None]] = Counter()
    strangers: Counter[str] = Counter()
    for *values, n in found[:MOST_ASSETS]:
        properties = dict(zip(names, values, strict=True))
        for content in agreement.content:
            if passes(content.where, properties):
                kinds[(content.kind, content.phase)] += n
                break
        else:
            strangers[" · ".join(str(value) for value in values if value is not None)] += n
    return ContentNumbers(
        kinds=tuple((kind, phase, n) for (kind, phase), n in kinds.most_common()),
        strangers=tuple(strangers.most_common(MOST_STRANGERS)),
        without=sum(strangers.values()),
        passed_over=max(0, len(found) - MOST_ASSETS),
    )


def _months(first: int, last: int) -> Iterator[date]:
    month = (EPOCH + timedelta(days=first)).replace(day=1)
    while month <= EPOCH + timedelta(days=last):
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
