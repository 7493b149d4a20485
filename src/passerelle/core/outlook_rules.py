"""The next occurrences of what a rule counts, as far apart as the rule asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count, islice

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value, text_of
from passerelle.core.counting import grants
from passerelle.core.history import Event
from passerelle.core.outlook_values import plausible_properties
from passerelle.core.parts import Where, are_any
from passerelle.core.rules import (
    DAY,
    EVENT,
    PERSON,
    VISIT,
    CountingRule,
    DistinctRule,
    EventRule,
    InactivityRule,
    Rule,
    VelocityRule,
    VisitRule,
)
from passerelle.core.standing import Record

Occurrence = tuple[Event, ...]
"""What makes a rule count once: most often one event."""

MOST = 5
TICK = timedelta(microseconds=1)
_LONGEST_VISIT = 40


def moment(as_of: datetime, number: int, apart: timedelta = TICK) -> datetime:
    """When the next thing but `number` happens."""
    return as_of + TICK + number * apart


def repeated(
    name: str, properties: Mapping[str, Value], as_of: datetime, apart: timedelta = TICK
) -> Iterator[Occurrence]:
    """The same event again and again."""
    for number in range(MOST):
        yield (Event(name, moment(as_of, number, apart), properties=properties),)


def occurrences_of(record: Record, rule: Rule, *, as_of: datetime) -> Iterator[Occurrence]:
    """Up to five next occurrences of what the rule counts; none of what a lead does not do."""
    agreement = record.agreement
    match rule:
        case EventRule():
            name = _named(rule.event, agreement)
            start = max(as_of, _cooled(record, rule, as_of))
            yield from _fresh(record, name, rule.where, rule.first_only, start, rule.cool_down)
        case VisitRule():
            yield from _visits(record, rule, as_of)
        case DistinctRule() if rule.distinct.of == EVENT:
            yield from _different_events(record, rule, as_of)
        case DistinctRule():
            asked = rule.distinct
            named = asked.events
            if asked.of == VISIT:
                known = agreement.visits.events
                named = known if are_any(named) else tuple(n for n in named if n in known)
            steps = {VISIT: agreement.visits.gap, DAY: timedelta(days=1)}
            of = None if asked.of in steps else asked.of
            start = max(as_of, _visited(record) + steps[VISIT]) if asked.of == VISIT else as_of
            if named:
                name = _named(named, agreement)
                yield from _fresh(record, name, asked.where, of, start, steps.get(asked.of))
        case VelocityRule():
            name = _named(rule.velocity.events, agreement)
            yield from _fresh(record, name, rule.velocity.where, None, as_of, None)
        case InactivityRule():
            yield from repeated(_named(rule.inactive.events, agreement), {}, as_of)
        case _:
            return


def _named(names: Sequence[str], agreement: Agreement) -> str:
    return names[0] if not are_any(names[:1]) else agreement.visits.events[0]


def _fresh(
    record: Record,
    name: str,
    where: Where,
    of: str | None,
    start: datetime,
    apart: timedelta | None,
) -> Iterator[Occurrence]:
    """Such events; each with its own value of the property `of` when that is asked."""
    taken = {of: _values(record, of)} if of is not None and of != PERSON else {}
    for number in range(MOST):
        properties = plausible_properties(record.agreement, where, now=start, fresh=taken)
        if properties is None:
            return
        yield (Event(name, moment(start, number, apart or TICK), properties=properties),)
        for name_of, values in taken.items():
            values.append(text_of(properties.get(name_of)) or "")


def _values(record: Record, of: str) -> list[str]:
    values = (text_of(seen.said(of)) for seen in record.events)
    return [value for value in values if value is not None]


def _cooled(record: Record, rule: CountingRule, as_of: datetime) -> datetime:
    """When the rule's cool-down is over."""
    given = grants(record, rule) if rule.cool_down else []
    return given[-1].seen.occurred_at + rule.cool_down if given and rule.cool_down else as_of


def _visited(record: Record) -> datetime:
    """The last event of a visit; long ago when there was none."""
    visits = record.named(record.agreement.visits.events)
    return visits[-1].occurred_at if visits else datetime.fromisoformat("0001-01-02T00:00:00Z")


def _visits(record: Record, rule: VisitRule, as_of: datetime) -> Iterator[Occurrence]:
    agreement, asked = record.agreement, rule.visit
    gap = agreement.visits.gap
    name = agreement.visits.events[0]
    properties = plausible_properties(agreement, rule.where, now=as_of)
    if properties is None:
        return
    away = max(gap, asked.after or gap)
    start = max(as_of, _visited(record) + away, _cooled(record, rule, as_of))
    lasting = asked.lasts or timedelta()
    steps = -(-lasting // (gap / 2))
    if steps > _LONGEST_VISIT:
        return
    stride = lasting / steps if steps else TICK
    apart = max(away + lasting, rule.cool_down or gap)
    for number in range(MOST):
        begins = moment(start, number, apart)
        yield tuple(
            Event(name, begins + step * stride, properties=properties) for step in range(steps + 1)
        )


def _different_events(record: Record, rule: DistinctRule, as_of: datetime) -> Iterator[Occurrence]:
    """Events of names that the lead has not got yet."""
    asked = rule.distinct
    known = {seen.name for seen in record.chosen(rule)}
    offered = asked.events
    if are_any(offered):
        others = (r.event for r in record.agreement.rules if isinstance(r, EventRule))
        named = (name for names in others for name in names if not are_any((name,)))
        offered = tuple(dict.fromkeys(named))
    properties = plausible_properties(record.agreement, asked.where, now=as_of)
    if properties is None:
        return
    new = (name for name in offered if name not in known)
    for number, name in zip(count(), islice(new, MOST), strict=False):
        yield (Event(name, moment(as_of, number), properties=properties),)
