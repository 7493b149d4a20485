"""Plausible values: what a field or the properties of an event may hold to pass their tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice, product

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.core.conditions import (
    DomainIn,
    InRange,
    Is,
    Missing,
    Patterns,
    Test,
    Value,
    passes,
    text_of,
)
from passerelle.core.history import Event, seen_events
from passerelle.core.ranges import Range

ANYTHING = "…"
"""Stands for any characters in a value that is made up."""

_FILLS = (ANYTHING, *(f"{ANYTHING}{n}" for n in range(2, 40)))
_COMBINATIONS = 60


def plausible_values(
    tests: Sequence[Test], *, taken: Sequence[str] = (), choices: Sequence[str] = ()
) -> Iterator[Value]:
    """Values that pass all of `tests`, likeliest first, none of them among the texts `taken`.

    With `choices` the value is one of them.
    """
    offered = choices or (value for test in tests for value in _offered(test))
    given: set[Value] = set()
    for value in offered:
        fresh = not taken or text_of(value) not in (None, *taken)
        if fresh and value not in given and all(test.holds(value) for test in tests):
            given.add(value)
            yield value


def plausible_properties(
    agreement: Agreement,
    where: Mapping[str, Test],
    *,
    now: datetime,
    fresh: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Value] | None:
    """Properties of an event that the agreement sees as `where` asks; None when there are none.

    Kind and phase come from the agreement's own content. Properties in `fresh` hold a value that
    is not among those given there.
    """
    taken = fresh or {}
    for content in (*_contents(agreement, where), None):
        known = content or {n: t for n, t in where.items() if n in CONTENT_PROPERTIES}
        tests: dict[str, list[Test]] = {name: [test] for name, test in known.items()}
        for name, test in where.items():
            if name not in CONTENT_PROPERTIES:
                tests.setdefault(name, []).append(test)
        for name in taken:
            tests.setdefault(name, []).append(Missing(missing=False))
        offers = [
            list(islice(plausible_values(some, taken=taken.get(name, ())), _COMBINATIONS))
            for name, some in tests.items()
        ]
        for values in islice(product(*offers), _COMBINATIONS):
            properties: dict[str, Value] = {
                n: v for n, v in zip(tests, values, strict=True) if v is not None
            }
            if _is_seen_as(agreement, where, properties, now):
                return properties
    return None


def _contents(agreement: Agreement, where: Mapping[str, Test]) -> Iterator[Mapping[str, Test]]:
    asked = {name: test for name, test in where.items() if name in CONTENT_PROPERTIES}
    if not asked:
        return
    for content in agreement.content:
        if passes(asked, {"kind": content.kind, "phase": content.phase}):
            yield content.where


def _is_seen_as(
    agreement: Agreement, where: Mapping[str, Test], properties: Mapping[str, Value], now: datetime
) -> bool:
    (seen,) = seen_events(agreement, [Event("any", now, properties=properties)])
    return passes(where, seen.properties)


def _offered(test: Test) -> Iterator[Value]:
    match test:
        case Patterns():
            for pattern in test.patterns:
                yield from _filled(pattern)
        case InRange():
            yield from _numbers(test.range)
        case Is():
            yield test.expected
        case DomainIn():
            yield from (f"{ANYTHING}@{domain}" for domain in test.domains)
        case Missing(missing=True):
            yield None
        case Missing():
            yield from _FILLS


def _filled(pattern: str) -> Iterator[str]:
    if "*" not in pattern:
        yield pattern
        return
    bare = pattern.replace("*", "")
    if bare and bare[0] not in " -_" and bare[-1].isalnum():
        yield bare
    for fill in _FILLS:
        yield pattern.replace("*", fill)


def _numbers(asked: Range) -> Iterator[Value]:
    low, high = asked.low, asked.high
    offers = [low, Decimal(0) if low is None else low + 1]
    if low is not None and high is not None:
        offers.append((low + high) / 2)
    if high is not None:
        offers += [high, high - 1]
    for number in offers:
        if number is not None:
            yield int(number) if number == number.to_integral_value() else number
