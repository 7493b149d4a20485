"""The score of one lead with the ledger that explains it, entry by entry, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from passerelle.core.history import Seen

EntryKind = Literal[
    "granted",  # what a rule granted, before time and lines
    "faded",  # what decay and closed windows took
    "rule_line",  # what the rule's own max or min took
    "group_line",  # what the group's max or min took
    "set",  # where a dimension was set to
    "unscored",  # what a dimension is worth when no rule matched
    "dimension_line",  # what the dimension's range took
    "override",  # what a forced level or a floor changed
    "weight",  # what a dimension brings into the total
    "total_line",  # what the total's range took
]


class Entry(NamedTuple):
    """One line of the ledger: `points` go to `level` (a dimension or the total) because of `of`.

    `of` is the key of the rule, group, dimension or override; entries of one level add up to it.
    """

    level: str
    kind: EntryKind
    of: str
    points: Decimal


class Contribution(NamedTuple):
    """One reason for points: what was granted and what is left of it."""

    granted: Decimal
    left: Decimal
    seen: Seen | None = None


class RuleWorth(NamedTuple):
    """What one rule gave: its reasons, what they granted, what time left of it.

    `points` are what is left after the rule's own lines.
    """

    rule: str
    contributions: Sequence[Contribution]
    granted: Decimal
    left: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Levels:
    """Every level of a lead at one instant, with the entries that add up to them.

    `as_of` is the instant asked for, or the earlier one at which an override froze the score.
    """

    as_of: datetime
    dimensions: Mapping[str, Decimal]
    total: Decimal
    grade: str
    entries: Sequence[Entry]
    worths: Sequence[RuleWorth]

    def of(self, level: str) -> Decimal:
        """The level of the total or of one dimension."""
        return self.total if level == "total" else self.dimensions[level]
