"""The ledger of one lead as a table whose written numbers add up, to the hundredth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.ledger import Entry, RuleWorth
from passerelle.core.scorer import Score
from passerelle.core.stages import TOTAL
from passerelle.report.figures import day, share
from passerelle.report.naming import level_label, rule_label, trigger_label
from passerelle.report.plain_text import plain
from passerelle.words import Language, say

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One reason: what was granted, what time and the rule's lines took, and what counts."""

    label: str
    evidence: str
    granted: Decimal | None
    faded: Decimal | None
    lined: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """One level: its rows, whose `points` add up to `level` as it is written."""

    label: str
    rows: tuple[LedgerRow, ...]
    level: Decimal


def ledger_tables(agreement: Agreement, score: Score, language: Language) -> list[LedgerTable]:
    """Each dimension's table, then the total's."""
    levels = [*agreement.dimensions, TOTAL]
    return [
        LedgerTable(
            level_label(level, language),
            tuple(_rows(agreement, score, level, language)),
            score.levels.of(level).quantize(CENT),
        )
        for level in levels
    ]


def rounded_to_add_up(parts: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """The parts in hundredths, each off by less than one, so that they add up to `whole`.

    Largest remainder: all are rounded down, and what is missing goes to those that lost most.
    """
    floors = [part.quantize(CENT, ROUND_FLOOR) for part in parts]
    missing = int((whole - sum(floors, ZERO)) / CENT)
    lost = sorted(range(len(parts)), key=lambda place: floors[place] - parts[place])
    for place in lost[: max(0, missing)]:
        floors[place] += CENT
    return floors


def _rows(
    agreement: Agreement, score: Score, level: str, language: Language
) -> Iterator[LedgerRow]:
    worths = [w for w in score.levels.worths if _is_told(agreement, w, level)]
    others = [e for e in score.levels.entries if e.level == level and e.kind not in _OF_RULES]
    written = rounded_to_add_up(
        [*(w.points for w in worths), *(e.points for e in others)],
        score.levels.of(level).quantize(CENT),
    )
    for worth, points in zip(worths, written[: len(worths)], strict=True):
        yield _rule_row(agreement, worth, points, language)
    for entry, points in zip(others, written[len(worths) :], strict=True):
        yield LedgerRow(_entry_label(agreement, entry, language), "", None, None, None, points)


_OF_RULES = ("granted", "faded", "rule_line")


def _is_told(agreement: Agreement, worth: RuleWorth, level: str) -> bool:
    in_level = level != TOTAL and agreement.dimension_of(agreement.rule(worth.rule)) == level
    return in_level and (bool(worth.contributions) or worth.points != ZERO)


def _rule_row(
    agreement: Agreement, worth: RuleWorth, points: Decimal, language: Language
) -> LedgerRow:
    granted = sum((c.granted for c in worth.contributions), ZERO)
    left = sum((c.left for c in worth.contributions), ZERO)
    faded, lined = left - granted, worth.points - left
    first = granted.quantize(CENT)
    if faded:
        line = lined.quantize(CENT)
        time = points - first - line
    else:
        time, line = ZERO, points - first if lined else ZERO
        first = first if lined else points
    return LedgerRow(
        rule_label(agreement, worth.rule, language),
        _evidence(worth, language),
        first,
        time if faded else None,
        line if lined else None,
        points,
    )


def _evidence(worth: RuleWorth, language: Language) -> str:
    seen = [c.seen for c in worth.contributions if c.seen is not None]
    if not seen:
        return ""
    last = day(max(s.day for s in seen), language)
    return say("report.ledger.evidence", language, n=len(seen), count=len(seen), last=last)


def _entry_label(agreement: Agreement, entry: Entry, language: Language) -> str:
    if entry.kind == "weight":
        weight = share(float(agreement.weight_of(entry.of)), 1, language)
        level = level_label(entry.of, language)
        return say("report.ledger.weight", language, weight=weight, level=level)
    of = plain(entry.of)
    if entry.kind in ("override", "set"):
        of = trigger_label(agreement, entry.of, language)
    return say(f"report.ledger.{entry.kind}", language, of=of)
