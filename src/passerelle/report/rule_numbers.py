"""What rules weigh: for how many leads they fire, what they give, what time and lines take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from passerelle.core.agreement import Agreement
from passerelle.core.rules import Rule
from passerelle.core.stages import TOTAL
from passerelle.files.quoting import identifier
from passerelle.report.asking import one

TOGETHER = 5
"""Rules that fire for the same leads are told from so many leads on."""


@dataclass(frozen=True, slots=True)
class RuleNumbers:
    """One rule over all leads; points are sums over leads.

    Attributes:
        fired: leads it ever granted points.
        counts: leads whose score it changes today.
        granted: points before time and lines.
        faded: what time took, negative when it took good points.
        lined: what the rule's own lines took.
        held: points it brings to its dimension.
        weight: what a point of its dimension is worth in the total; None when it is worth nothing.
        share: its part of all the points, good and bad, that rules bring to the total.
        mark: the same for two rules only when they fire for the same leads.
    """

    key: str
    dimension: str
    fired: int
    counts: int
    granted: float
    faded: float
    lined: float
    held: float
    weight: float | None
    share: float
    mark: int

    @property
    def mean(self) -> float | None:
        """Mean points of the leads for which it counts."""
        return self.held / self.counts if self.counts else None


@dataclass(frozen=True, slots=True)
class LineNumbers:
    """One line of the agreement and the leads it held down or up, with the points it took."""

    level: str
    of: str
    low: float | None
    high: float | None
    held: int
    points: float


def weigh_rules(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str
) -> tuple[RuleNumbers, ...]:
    """Every rule's numbers, the weightiest first."""
    asked = [column for rule in agreement.rules for column in _measures(rule.key)]
    marked = f"(SELECT *, hash(lead) AS marked FROM {identifier(scored)})"
    answer = one(connection, f"SELECT {', '.join(asked)} FROM {marked}")
    each = len(asked) // len(agreement.rules)
    found: list[tuple[Rule, Sequence[Any]]] = [
        (rule, answer[place * each : (place + 1) * each])
        for place, rule in enumerate(agreement.rules)
    ]
    weights = {rule.key: _weight(agreement, rule) for rule, _ in found}
    whole = sum((weights[rule.key] or 0.0) * values[6] for rule, values in found)
    weighed = (
        _numbers(agreement, rule, values, weights[rule.key], whole) for rule, values in found
    )
    return tuple(sorted(weighed, key=lambda rule: (-rule.share, -abs(rule.held), rule.key)))


def always_together(rules: Sequence[RuleNumbers]) -> tuple[tuple[RuleNumbers, ...], ...]:
    """Rules that fire for exactly the same leads, group by group, those of most leads first."""
    alike: dict[tuple[int, int], list[RuleNumbers]] = defaultdict(list)
    for rule in rules:
        if rule.fired >= TOGETHER:
            alike[(rule.fired, rule.mark)].append(rule)
    groups = [tuple(group) for group in alike.values() if len(group) > 1]
    return tuple(sorted(groups, key=lambda group: -group[0].fired))


def weigh_lines(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, scored: str
) -> tuple[LineNumbers, ...]:
    """The lines of rules, groups and dimensions that are drawn, and whom they hold."""
    lines = list(_lines(agreement))
    asked = ", ".join(_held(before, after) for *_, before, after in lines)
    answer = one(connection, f"SELECT {asked} FROM {identifier(scored)}")
    return tuple(
        LineNumbers(level, of, low, high, held, points)
        for (level, of, low, high, *_), held, points in zip(
            lines, answer[::2], answer[1::2], strict=True
        )
    )


def _measures(key: str) -> list[str]:
    granted, left, held = (identifier(f"{part}__{key}") for part in ("granted", "left", "held"))
    return [
        f"count(*) FILTER ({granted} <> 0)",
        f"count(*) FILTER ({held} <> 0)",
        f"coalesce(sum({granted}), 0)",
        f"coalesce(sum({left} - {granted}), 0)",
        f"coalesce(sum({held} - {left}), 0)",
        f"coalesce(sum({held}), 0)",
        f"coalesce(sum(abs({held})), 0)",
        f"coalesce(bit_xor(marked) FILTER ({granted} <> 0), 0)",
    ]


def _numbers(
    agreement: Agreement, rule: Rule, values: Sequence[Any], weight: float | None, whole: float
) -> RuleNumbers:
    fired, counts, granted, faded, lined, held, all_held, mark = values
    return RuleNumbers(
        key=rule.key,
        dimension=agreement.dimension_of(rule),
        fired=fired,
        counts=counts,
        granted=granted,
        faded=faded,
        lined=lined,
        held=held,
        weight=weight,
        share=(weight or 0.0) * all_held / whole if whole else 0.0,
        mark=mark,
    )


def _weight(agreement: Agreement, rule: Rule) -> float | None:
    dimension = agreement.dimension_of(rule)
    if dimension not in agreement.total.dimensions:
        return None
    return float(agreement.weight_of(dimension)) or None


_Line = tuple[str, str, float | None, float | None, str, str]


def _lines(agreement: Agreement) -> Iterator[_Line]:
    """Each line: its kind, of what, its ends, and the points before and after it."""
    for rule in agreement.rules:
        if rule.min is not None or rule.max is not None:
            left, held = (identifier(f"{part}__{rule.key}") for part in ("left", "held"))
            yield "rule", rule.key, _end(rule.min), _end(rule.max), left, held
    for key, group in agreement.groups.items():
        members = [identifier(f"held__{r.key}") for r in agreement.rules if r.group == key]
        if members and (group.min is not None or group.max is not None):
            before, after = " + ".join(members), identifier(f"group__{key}")
            yield "group", key, _end(group.min), _end(group.max), f"({before})", after
    for key, dimension in agreement.dimensions.items():
        low, high = (float(end) for end in dimension.range)
        before = identifier(f"sum__{key}")
        yield "dimension", key, low, high, before, f"greatest({low}, least({high}, {before}))"
    low, high = (float(end) for end in agreement.total.range)
    parts = [
        f"{float(agreement.weight_of(key))!r} * {identifier(f'level__{key}')}"
        for key in agreement.total.dimensions
    ]
    before = f"({' + '.join(parts)})"
    yield TOTAL, TOTAL, low, high, before, f"greatest({low}, least({high}, {before}))"


def _end(points: Any) -> float | None:
    return None if points is None else float(points)


def _held(before: str, after: str) -> str:
    took = f"{after} - {before}"
    return f"count(*) FILTER (abs({took}) > 0.0000005), coalesce(sum({took}), 0)"
