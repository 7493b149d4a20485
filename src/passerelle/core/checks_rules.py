"""Whether each rule makes sense: where it counts, what it asks, whether it can give anything."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import InRange, Is, Patterns, Test
from passerelle.core.faults import Fault, Path, fault_of_sense, unknown
from passerelle.core.parts import Band
from passerelle.core.ranges import Range
from passerelle.core.rules import CountingRule, DistinctRule, FieldRule, Rule


def faults_of_rules(agreement: Agreement) -> Iterator[Fault]:
    """What makes no sense in the rules, taken one by one."""
    path: Path
    for name, declaration in agreement.fields.items():
        if declaration.one_of and declaration.type != "text":
            path = ("fields", name, "one_of")
            yield fault_of_sense("choices_of_no_text", path, type=declaration.type)
    for index, rule in enumerate(agreement.rules):
        path = ("rules", index)
        yield from _place(agreement, rule, path)
        yield from _questions(agreement, rule, path)
        yield from _bands(rule, path)
        if not _gives(rule):
            yield fault_of_sense("never_gives", path, rule.key)


def faults_of_field_test(
    agreement: Agreement, field: str, test: Test, path: Path
) -> Iterator[Fault]:
    """What makes no sense in asking `test` of `field`."""
    declared = agreement.known_fields.get(field)
    if declared is None:
        yield unknown("unknown_field", path, field, agreement.known_fields)
        return
    match test:
        case InRange() if declared.type != "number":
            yield fault_of_sense("field_is_no_number", path, field, type=declared.type)
        case Is() if declared.type not in ("boolean", "text"):
            yield fault_of_sense("field_is_no_truth", path, field, type=declared.type)
        case Patterns() if declared.type == "number":
            yield fault_of_sense("field_is_a_number", path, field)
        case Patterns(patterns) if declared.one_of:
            if not any(test.holds(value) for value in declared.one_of):
                known = ", ".join(declared.one_of)
                found = ", ".join(patterns)
                yield fault_of_sense("value_never_taken", path, found, field=field, known=known)


def _place(agreement: Agreement, rule: Rule, path: Path) -> Iterator[Fault]:
    match rule.dimension, rule.group:
        case (None, None) | (str(), str()):
            yield fault_of_sense("dimension_or_group", path, rule.key)
        case str(dimension), _ if dimension not in agreement.dimensions:
            where = (*path, "dimension")
            yield unknown("unknown_dimension", where, dimension, agreement.dimensions)
        case _, str(group) if group not in agreement.groups:
            yield unknown("unknown_group", (*path, "group"), group, agreement.groups)


def _questions(agreement: Agreement, rule: Rule, path: Path) -> Iterator[Fault]:
    if not isinstance(rule, FieldRule):
        return
    if rule.field not in agreement.known_fields:
        yield unknown("unknown_field", (*path, "field"), rule.field, agreement.known_fields)
        return
    places = [(*path, "values", value) for value in rule.values or ()]
    for index, (test, _) in enumerate(rule.cases):
        where = places[index] if index < len(places) else path
        yield from faults_of_field_test(agreement, rule.field, test, where)


def _bands(rule: Rule, path: Path) -> Iterator[Fault]:
    """Bands of a number of times that no number of times reaches."""
    bands: tuple[Band, ...] = ()
    match rule:
        case CountingRule():
            bands, path = rule.counts or (), (*path, "counts")
            most = rule.limit.times if rule.limit and rule.limit.per == "ever" else None
        case DistinctRule():
            bands, path = rule.distinct.counts or (), (*path, "distinct", "counts")
            most = None
        case _:
            return
    for index, band in enumerate(bands):
        if not _holds_a_count(band.range, most):
            yield fault_of_sense("band_never_reached", (*path, index), band.range)


def _holds_a_count(range_: Range, most: int | None) -> bool:
    low = max(Decimal(0), range_.low if range_.low is not None else Decimal(0))
    first = low.to_integral_value("ROUND_CEILING")
    if first == range_.low and not range_.low_included:
        first += 1
    return range_.holds(first) and (most is None or first <= most)


def _gives(rule: Rule) -> bool:
    """Whether the rule's own lines leave it anything to give."""
    points = _possible_points(rule)
    best = max(points) if rule.max is None else min(max(points), rule.max)
    worst = min(points) if rule.min is None else max(min(points), rule.min)
    return best > 0 or worst < 0


def _possible_points(rule: Rule) -> list[Decimal]:
    match rule:
        case FieldRule():
            return [points for _, points in rule.cases]
        case CountingRule(counts=counts) if counts is not None:
            return [band.points for band in counts]
        case DistinctRule():
            return [points for _, points in rule.bands]
        case _:
            return [rule.points or Decimal(0)]
