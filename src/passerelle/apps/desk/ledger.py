"""The ledger of a score as a table: a row a reason, a level at a time, adding up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.ledger import Entry
from passerelle.core.scorer import Score
from passerelle.core.stages import TOTAL
from passerelle.report.naming import level_label, rule_label, trigger_label
from passerelle.words import Language, say

_OF_RULES = ("granted", "faded", "rule_line")


@dataclass(frozen=True, slots=True)
class Row:
    """A reason: what it granted, what time took, what lines took, what is left."""

    name: str
    granted: Decimal | None
    faded: Decimal | None
    held: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """One level with its rows, which add up to `points`; `most` is the end of its range."""

    name: str
    rows: tuple[Row, ...]
    points: Decimal
    most: Decimal


def ledger_of(agreement: Agreement, score: Score, language: Language) -> tuple[Sheet, ...]:
    """The sheets of a score: one a dimension, then the total."""
    dimensions = (
        Sheet(
            level_label(key, language),
            tuple(_rows(agreement, score, key, language)),
            score.levels.dimensions[key],
            dimension.range[1],
        )
        for key, dimension in agreement.dimensions.items()
    )
    total = Sheet(
        level_label(TOTAL, language),
        tuple(_rows(agreement, score, TOTAL, language)),
        score.total,
        agreement.total.range[1],
    )
    return (*dimensions, total)


def _rows(agreement: Agreement, score: Score, level: str, language: Language) -> Iterator[Row]:
    entries = [entry for entry in score.levels.entries if entry.level == level]
    by_rule: dict[str, dict[str, Decimal]] = {}
    for entry in entries:
        if entry.kind in _OF_RULES:
            by_rule.setdefault(entry.of, {})[entry.kind] = entry.points
    for rule, parts in sorted(
        by_rule.items(), key=lambda one: -abs(sum(one[1].values(), Decimal(0)))
    ):
        name = rule_label(agreement, rule, language)
        granted, faded, held = (parts.get(kind) for kind in _OF_RULES)
        yield Row(name, granted, faded, held, sum(parts.values(), Decimal(0)))
    for entry in entries:
        if entry.kind not in _OF_RULES:
            yield Row(_name(agreement, entry, language), None, None, None, entry.points)


def _name(agreement: Agreement, entry: Entry, language: Language) -> str:
    match entry.kind:
        case "group_line":
            of = entry.of or level_label(entry.level, language)
        case "set" | "override":
            of = trigger_label(agreement, entry.of, language)
        case _:
            of = level_label(entry.of, language)
    return say(f"desk.ledger.{entry.kind}", language, of=of)
