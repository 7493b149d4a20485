"""Whether the levels make sense: dimensions, groups, the total, and the grades drawn on them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from passerelle.core.agreement import Agreement
from passerelle.core.duties import CRITERIA
from passerelle.core.faults import Fault, Path, fault_of_sense, unknown
from passerelle.core.stages import TOTAL

BANT = "bant"


def faults_of_levels(agreement: Agreement) -> Iterator[Fault]:
    """What makes no sense in dimensions, groups, total and grades."""
    yield from _dimensions(agreement)
    yield from _groups(agreement)
    yield from _total(agreement)
    yield from _grades(agreement)


def level_range(agreement: Agreement, level: str) -> tuple[Decimal, Decimal] | None:
    """The range of the total or of a dimension; of `bant`, what its criteria can sum up to."""
    if level == TOTAL:
        return _ordered(agreement.total.range)
    if level == BANT and agreement.qualification is not None:
        bant = agreement.qualification.bant
        points = [bant.points(criterion) for criterion in CRITERIA]
        return sum((min(p, Decimal(0)) for p in points), Decimal(0)), sum(
            (max(p, Decimal(0)) for p in points), Decimal(0)
        )
    dimension = agreement.dimensions.get(level)
    return _ordered(dimension.range) if dimension else None


def level_names(agreement: Agreement) -> list[str]:
    """The levels on which a line may be drawn."""
    return [TOTAL, *agreement.dimensions]


def grade_labels(agreement: Agreement) -> tuple[str, ...]:
    """Every combined grade, such as `A1`: one letter of each ladder, in their order."""
    labels = [""]
    for ladder in agreement.grades.values():
        labels = [label + letter for label in labels for letter in ladder]
    return tuple(labels) if agreement.grades else ()


def out_of_range(path: Path, line: object, bounds: tuple[Decimal, Decimal]) -> Fault:
    """The fault of a line that stands where the level can never be."""
    return fault_of_sense("line_out_of_range", path, line, low=bounds[0], high=bounds[1])


def _ordered(bounds: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    """The range with its lower end first: a reversed one is a fault of its own."""
    return min(bounds), max(bounds)


def _dimensions(agreement: Agreement) -> Iterator[Fault]:
    for key, dimension in agreement.dimensions.items():
        low, high = dimension.range
        path = ("dimensions", key)
        if low >= high:
            yield fault_of_sense("range_reversed", (*path, "range"))
        elif not low <= dimension.unscored <= high:
            yield out_of_range((*path, "unscored"), dimension.unscored, (low, high))
        if dimension.weight and key not in (agreement.total.weighted or ()):
            yield fault_of_sense(
                "weight_unused", (*path, "weight"), dimension.weight, dimension=key
            )


def _groups(agreement: Agreement) -> Iterator[Fault]:
    for key, group in agreement.groups.items():
        if group.dimension not in agreement.dimensions:
            path = ("groups", key, "dimension")
            yield unknown("unknown_dimension", path, group.dimension, agreement.dimensions)
        if group.max is not None and group.min is not None and group.min > group.max:
            yield fault_of_sense("min_above_max", ("groups", key))


def _total(agreement: Agreement) -> Iterator[Fault]:
    total = agreement.total
    if total.range[0] >= total.range[1]:
        yield fault_of_sense("range_reversed", ("total", "range"))
    way = "sum" if total.weighted is None else "weighted"
    if not total.dimensions:
        yield fault_of_sense("empty", ("total", way), key=way)
        return
    for index, key in enumerate(total.dimensions):
        path = ("total", way, index)
        if key not in agreement.dimensions:
            yield unknown("unknown_dimension", path, key, agreement.dimensions)
        if key in total.dimensions[:index]:
            yield fault_of_sense("named_twice", path, key)
    if total.weighted is not None:
        known = [d for key, d in agreement.dimensions.items() if key in total.weighted]
        weights = sum((d.weight or Decimal(0) for d in known), Decimal(0))
        if weights != 1:
            yield fault_of_sense("weights", ("total", "weighted"), weights)


def _grades(agreement: Agreement) -> Iterator[Fault]:
    for level, ladder in agreement.grades.items():
        path = ("grades", level)
        bounds = None if level == BANT else level_range(agreement, level)
        if bounds is None:
            yield unknown("unknown_level", path, level, level_names(agreement))
            continue
        if not ladder:
            yield fault_of_sense("empty", path, key=level)
        lines = list(ladder.values())
        if any(a <= b for a, b in pairwise(lines)):
            yield fault_of_sense("ladder_not_falling", path, ", ".join(map(str, lines)))
        for letter, line in ladder.items():
            if not bounds[0] <= line <= bounds[1]:
                yield out_of_range((*path, letter), line, bounds)
