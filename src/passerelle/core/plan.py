"""An agreement's arithmetic laid out once: rules by dimension, groups, weights."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from passerelle.core.agreement import Agreement, Dimension
from passerelle.core.lens import Lens
from passerelle.core.worth import ZERO, Worth, worth_of


@dataclass(frozen=True, slots=True)
class DimensionPlan:
    """A dimension with its rules, and nothing yet in each of the groups to which they belong."""

    key: str
    dimension: Dimension
    rules: tuple[Worth, ...]
    groups: dict[str | None, Decimal]


class Plan:
    """The dimensions of an agreement, and the weights of those that make the total."""

    def __init__(self, agreement: Agreement) -> None:
        self.dimensions = tuple(_laid_out(agreement, key) for key in agreement.dimensions)
        self.weights = tuple((key, agreement.weight_of(key)) for key in agreement.total.dimensions)


def _laid_out(agreement: Agreement, key: str) -> DimensionPlan:
    rules = agreement.rules_in(key)
    return DimensionPlan(
        key=key,
        dimension=agreement.dimensions[key],
        rules=tuple(worth_of(rule, agreement.once(Lens)) for rule in rules),
        groups={rule.group: ZERO for rule in rules},
    )
