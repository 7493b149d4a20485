"""An agreement's arithmetic laid out once: rules by dimension, what is left of points by age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from passerelle.core.agreement import Agreement, Dimension
from passerelle.core.conditions import Value, exactly
from passerelle.core.ledger import RuleWorth
from passerelle.core.memo import Memo
from passerelle.core.ranges import within
from passerelle.core.rules import CountingRule, Fading, FieldRule, Rule

FINEST = Decimal("1e-12")
"""Faded points are kept to this, so that every sum is exact."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule, what it is worth when nothing speaks for it, and what it need not work out again.

    `left` is what is left of its points by age in days, None when age takes nothing of them;
    `cases` are the points of a field rule by what the field holds, None for no case.
    """

    rule: Rule
    nothing: RuleWorth
    left: Memo[int, Decimal] | None
    cases: _Cases | None


@dataclass(frozen=True, slots=True)
class DimensionPlan:
    """A dimension with its rules, and the groups to which they belong in the order of the rules."""

    key: str
    dimension: Dimension
    rules: tuple[RulePlan, ...]
    groups: Mapping[str | None, Decimal]


class Plan:
    """The dimensions of an agreement, and the weights of those that make the total."""

    def __init__(self, agreement: Agreement) -> None:
        self.dimensions = tuple(_of_dimension(agreement, key) for key in agreement.dimensions)
        self.weights = tuple((key, agreement.weight_of(key)) for key in agreement.total.dimensions)


def left_of(points: Decimal, rule: Fading, age: int) -> Decimal:
    """What is left of points after so many days, to twelve decimals."""
    if rule.window is not None and age >= rule.window:
        return ZERO
    factor = rule.decay.factor(age) if rule.decay else Decimal(1)
    return (points * factor).quantize(FINEST)


class _Cases(Memo[Value, Decimal | None]):
    """The points that a field rule gives for what the field holds; None when no case does."""

    def __init__(self, rule: FieldRule) -> None:
        super().__init__(self._points)
        self._tried = rule.cases

    def __missing__(self, value: Value) -> Decimal | None:
        key: Value = exactly(value)  # type: ignore[assignment]  # stands for the value in the memory
        return self[key] if key in self else self._keep(key, self._points(value))

    def _points(self, value: Value) -> Decimal | None:
        return next((points for test, points in self._tried if test.holds(value)), None)


def _of_dimension(agreement: Agreement, key: str) -> DimensionPlan:
    rules = agreement.rules_in(key)
    return DimensionPlan(
        key=key,
        dimension=agreement.dimensions[key],
        rules=tuple(_of_rule(rule) for rule in rules),
        groups={rule.group: ZERO for rule in rules},
    )


def _of_rule(rule: Rule) -> RulePlan:
    return RulePlan(
        rule=rule,
        nothing=RuleWorth(rule.key, (), ZERO, ZERO, within(ZERO, rule.min, rule.max)),
        left=_left(rule) if isinstance(rule, CountingRule) else None,
        cases=_Cases(rule) if isinstance(rule, FieldRule) else None,
    )


def _left(rule: CountingRule) -> Memo[int, Decimal] | None:
    points = rule.points
    if points is None or (rule.window is None and rule.decay is None):
        return None
    return Memo(lambda age: left_of(points, rule, age))
