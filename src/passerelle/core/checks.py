"""The sense of an agreement: parts that contradict each other, lines that cannot be crossed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.core.conditions import InRange, Patterns, Test
from passerelle.core.duties import CRITERIA
from passerelle.core.faults import Fault, Path
from passerelle.core.rules import (
    CountingRule,
    DistinctRule,
    FieldRule,
    Rule,
    VelocityRule,
)
from passerelle.core.stages import DISQUALIFIED, HANDOFF, NURTURING, TOTAL, Stage, Trigger


def faults_of_sense(agreement: Agreement) -> Iterator[Fault]:
    """Everything that makes no sense in a well-formed agreement; lines are filled in later."""
    yield from _dimensions(agreement)
    yield from _same_keys(agreement)
    for index, rule in enumerate(agreement.rules):
        yield from _rule(agreement, rule, ("rules", index))
    yield from _properties(agreement)
    yield from _total(agreement)
    yield from _grades(agreement)
    for key, stage in agreement.stages.items():
        yield from _stage(agreement, key, stage)
    yield from _triggers(agreement)
    yield from _duties(agreement)


def _fault(code: str, path: Path, found: object = None, **data: object) -> Fault:
    return Fault(code, path, 0, None if found is None else str(found), data)


def _dimensions(agreement: Agreement) -> Iterator[Fault]:
    for key, dimension in agreement.dimensions.items():
        low, high = dimension.range
        if low >= high:
            yield _fault("range_reversed", ("dimensions", key, "range"))
        elif not low <= dimension.unscored <= high:
            yield _fault(
                "line_out_of_range",
                ("dimensions", key, "unscored"),
                dimension.unscored,
                low=low,
                high=high,
            )
    for key, group in agreement.groups.items():
        if group.dimension not in agreement.dimensions:
            yield _unknown(
                "unknown_dimension",
                ("groups", key, "dimension"),
                group.dimension,
                agreement.dimensions,
            )
        if group.max is not None and group.min is not None and group.min > group.max:
            yield _fault("min_above_max", ("groups", key))


def _unknown(code: str, path: Path, found: str, known: Iterable[str]) -> Fault:
    return _fault(code, path, found, known=", ".join(known))


def _same_keys(agreement: Agreement) -> Iterator[Fault]:
    parts: Mapping[str, Iterable[str]] = {
        "rules": [rule.key for rule in agreement.rules],
        "fast_tracks": [track.key for track in agreement.fast_tracks],
        "disqualify": [one.key for one in agreement.disqualify],
        "overrides": [one.key for one in agreement.overrides],
    }
    for part, keys in parts.items():
        seen: Counter[str] = Counter()
        for index, key in enumerate(keys):
            seen[key] += 1
            if seen[key] > 1:
                yield _fault("same_key", (part, index, "key"), key)


def _rule(agreement: Agreement, rule: Rule, path: Path) -> Iterator[Fault]:
    if (rule.dimension is None) == (rule.group is None):
        yield _fault("dimension_or_group", path, rule.key)
    elif rule.dimension is not None and rule.dimension not in agreement.dimensions:
        yield _unknown(
            "unknown_dimension", (*path, "dimension"), rule.dimension, agreement.dimensions
        )
    elif rule.group is not None and rule.group not in agreement.groups:
        yield _unknown("unknown_group", (*path, "group"), rule.group, agreement.groups)
    if isinstance(rule, FieldRule):
        for test, _ in rule.cases:
            yield from _field_test(agreement, rule.field, test, path)
    if not _gives(rule):
        yield _fault("never_gives", path, rule.key)


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


def _field_test(agreement: Agreement, field: str, test: Test, path: Path) -> Iterator[Fault]:
    declared = agreement.known_fields.get(field)
    if declared is None:
        yield _unknown("unknown_field", (*path, "field"), field, agreement.known_fields)
        return
    if isinstance(test, InRange) and declared.type != "number":
        yield _fault("field_is_no_number", path, field, type=declared.type)
    if isinstance(test, Patterns):
        if declared.type == "number":
            yield _fault("field_is_a_number", path, field)
        if declared.one_of and not any(test.holds(value) for value in declared.one_of):
            yield _fault(
                "value_never_taken",
                path,
                ", ".join(test.patterns),
                field=field,
                known=", ".join(declared.one_of),
            )


def tested_properties(agreement: Agreement) -> Iterator[tuple[str, Test, Path]]:
    """Each test of an event's property, with its place."""
    for i, content in enumerate(agreement.content):
        for name, test in content.where.items():
            yield name, test, ("content", i, name)
    for i, rule in enumerate(agreement.rules):
        match rule:
            case CountingRule():
                where, inside = rule.where, "where"
            case DistinctRule():
                where, inside = rule.distinct.where, "distinct"
            case VelocityRule():
                where, inside = rule.velocity.where, "velocity"
            case _:
                continue
        for name, test in where.items():
            yield name, test, ("rules", i, inside, "where", name)
    for key, stage in agreement.stages.items():
        for name, test in (stage.when.where if stage.when else {}).items():
            yield name, test, ("stages", key, "when", "where", name)
    for part, triggers in triggers_of(agreement).items():
        for i, trigger in enumerate(triggers):
            for name, test in trigger.where.items():
                yield name, test, (part, i, "where", name)


def triggers_of(agreement: Agreement) -> Mapping[str, tuple[Trigger, ...]]:
    """Fast tracks, disqualifiers and overrides, by the part in which they stand."""
    return {
        "fast_tracks": agreement.fast_tracks,
        "disqualify": agreement.disqualify,
        "overrides": agreement.overrides,
    }


def _properties(agreement: Agreement) -> Iterator[Fault]:
    first: dict[str, bool] = {}
    for name, test, path in tested_properties(agreement):
        if isinstance(test, (InRange, Patterns)):
            numeric = isinstance(test, InRange)
            if first.setdefault(name, numeric) is not numeric:
                yield _fault("property_of_two_types", path, name)
        if name in CONTENT_PROPERTIES and path[0] != "content" and isinstance(test, Patterns):
            given = {getattr(content, name) for content in agreement.content} - {None}
            if given and not any(test.holds(value) for value in given):
                yield _fault(
                    "content_never_given",
                    path,
                    ", ".join(test.patterns),
                    property=name,
                    known=", ".join(sorted(given)),
                )


def _total(agreement: Agreement) -> Iterator[Fault]:
    total = agreement.total
    if total.range[0] >= total.range[1]:
        yield _fault("range_reversed", ("total", "range"))
    for key in total.dimensions:
        if key not in agreement.dimensions:
            yield _unknown("unknown_dimension", ("total",), key, agreement.dimensions)
    if total.weighted is not None:
        known = [agreement.dimensions[k] for k in total.weighted if k in agreement.dimensions]
        weights = sum((d.weight or Decimal(0) for d in known), Decimal(0))
        if weights != 1:
            yield _fault("weights", ("total", "weighted"), weights)


def _grades(agreement: Agreement) -> Iterator[Fault]:
    for level, ladder in agreement.grades.items():
        bounds = level_range(agreement, level)
        if bounds is None:
            yield _unknown("unknown_level", ("grades", level), level, _levels(agreement))
            continue
        lines = list(ladder.values())
        if any(a <= b for a, b in pairwise(lines)):
            yield _fault("ladder_not_falling", ("grades", level))
        for letter, line in ladder.items():
            if not bounds[0] <= line <= bounds[1]:
                yield _fault(
                    "line_out_of_range",
                    ("grades", level, letter),
                    line,
                    low=bounds[0],
                    high=bounds[1],
                )


def level_range(agreement: Agreement, level: str) -> tuple[Decimal, Decimal] | None:
    """The range of the total or of a dimension; of `bant`, what its criteria can sum up to."""
    if level == TOTAL:
        return agreement.total.range
    if level == "bant" and agreement.qualification is not None:
        bant = agreement.qualification.bant
        points = [bant.points(criterion) for criterion in CRITERIA]
        return sum((min(p, Decimal(0)) for p in points), Decimal(0)), sum(
            (max(p, Decimal(0)) for p in points), Decimal(0)
        )
    dimension = agreement.dimensions.get(level)
    return dimension.range if dimension else None


def _levels(agreement: Agreement) -> list[str]:
    return [TOTAL, *agreement.dimensions]


def _stage(agreement: Agreement, key: str, stage: Stage) -> Iterator[Fault]:
    path: Path = ("stages", key)
    if key in (DISQUALIFIED, NURTURING, HANDOFF):
        yield _fault("reserved_stage", path, key)
    if stage.when is None:
        return
    for level, line in stage.when.levels.items():
        bounds = level_range(agreement, level)
        if bounds is None:
            yield _unknown("unknown_level", (*path, "when", level), level, _levels(agreement))
        elif not line.overlaps_closed(*bounds):
            yield _fault(
                "line_out_of_range", (*path, "when", level), line, low=bounds[0], high=bounds[1]
            )
    for field, test in stage.when.fields.items():
        yield from _field_test(agreement, field, test, (*path, "when", "fields", field))
    if stage.when.grade:
        labels = grade_labels(agreement)
        for grade in stage.when.grade:
            if grade not in labels:
                yield _unknown("unknown_grade", (*path, "when", "grade"), grade, labels)
    if stage.when.qualified is not None and agreement.qualification is None:
        yield _fault("missing_key", ("qualification",), None, key="qualification")


def grade_labels(agreement: Agreement) -> tuple[str, ...]:
    """Every combined grade, such as `A1`: one letter of each ladder, in their order."""
    labels = [""]
    for ladder in agreement.grades.values():
        labels = [label + letter for label in labels for letter in ladder]
    return tuple(labels) if agreement.grades else ()


def _triggers(agreement: Agreement) -> Iterator[Fault]:
    for part, triggers in triggers_of(agreement).items():
        for i, trigger in enumerate(triggers):
            if trigger.field is not None and trigger.test is not None:
                yield from _field_test(agreement, trigger.field, trigger.test, (part, i))
    clocks = agreement.handoff.clocks if agreement.handoff else {}
    for i, track in enumerate(agreement.fast_tracks):
        if track.to != HANDOFF and track.to not in agreement.stages:
            yield _unknown(
                "fast_track_to_nowhere",
                ("fast_tracks", i, "to"),
                track.to,
                [*agreement.stages, HANDOFF],
            )
        if track.clock is not None and track.clock not in clocks:
            yield _unknown("unknown_clock", ("fast_tracks", i, "clock"), track.clock, clocks)
    for i, override in enumerate(agreement.overrides):
        for name in ("force", "floor", "set_"):
            for level, points in (getattr(override, name) or {}).items():
                path: Path = ("overrides", i, name.rstrip("_"), level)
                bounds = level_range(agreement, level)
                if bounds is None or (name == "set_" and level == TOTAL) or level == "bant":
                    yield _unknown("unknown_level", path, level, _levels(agreement))
                elif not bounds[0] <= points <= bounds[1]:
                    yield _fault("line_out_of_range", path, points, low=bounds[0], high=bounds[1])


def _duties(agreement: Agreement) -> Iterator[Fault]:
    if agreement.qualification and agreement.qualification.sales_qualified.bant:
        line = agreement.qualification.sales_qualified.bant
        bounds = level_range(agreement, "bant")
        if bounds and not line.overlaps_closed(*bounds):
            yield _fault(
                "line_out_of_range",
                ("qualification", "sql", "bant"),
                line,
                low=bounds[0],
                high=bounds[1],
            )
    handoff = agreement.handoff
    if handoff is not None:
        if handoff.calendar is not None and not any(handoff.calendar.weekly.values()):
            yield _fault("never_open", ("handoff", "calendar", "weekly"))
        yield from _clocks(agreement)
    if agreement.recycle is not None and handoff is not None and handoff.return_reasons:
        known = {*handoff.return_reasons, "lost"}
        for reason in agreement.recycle.after:
            if reason not in known:
                yield _unknown(
                    "unknown_reason", ("recycle", "after", reason), reason, sorted(known)
                )


def _clocks(agreement: Agreement) -> Iterator[Fault]:
    clocks = agreement.handoff.clocks if agreement.handoff else {}
    for key, clock in clocks.items():
        if clock.contact < clock.accept:
            yield _fault(
                "clock_contradicts",
                ("handoff", "clocks", key, "contact"),
                _spoken(clock.contact),
                other=_spoken(clock.accept),
                what="accept",
            )
    hot, warm = clocks.get("hot"), clocks.get("warm")
    if hot and warm:
        for what in ("accept", "contact"):
            if getattr(hot, what) > getattr(warm, what):
                yield _fault(
                    "clock_contradicts",
                    ("handoff", "clocks", "hot", what),
                    _spoken(getattr(hot, what)),
                    other=_spoken(getattr(warm, what)),
                    what=f"warm.{what}",
                )


def _spoken(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
