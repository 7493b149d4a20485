"""Whether content and the tests of events' properties make sense together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement, Content
from passerelle.core.conditions import InRange, Patterns, Test
from passerelle.core.faults import Fault, Path, fault_of_sense
from passerelle.core.rules import CountingRule, DistinctRule, Rule, VelocityRule
from passerelle.core.stages import Trigger

_Tested = tuple[str, Test, Path]


def faults_of_content(agreement: Agreement) -> Iterator[Fault]:
    """What makes no sense in content, and in what is asked of events' properties."""
    for index, content in enumerate(agreement.content):
        for before, earlier in enumerate(agreement.content[:index]):
            if _takes_all_of(earlier, content):
                yield fault_of_sense("content_shadowed", ("content", index), earlier=before)
                break
    first: dict[str, bool] = {}
    for name, test, path in tested_properties(agreement):
        if isinstance(test, (InRange, Patterns)):
            numeric = isinstance(test, InRange)
            if first.setdefault(name, numeric) is not numeric:
                yield fault_of_sense("property_of_two_types", path, property=name)
        yield from _never_given(agreement, name, test, path)


def tested_properties(agreement: Agreement) -> Iterator[_Tested]:
    """Each test of an event's property, with its place."""
    for index, content in enumerate(agreement.content):
        yield from _tests(content.where, ("content", index))
    for index, rule in enumerate(agreement.rules):
        yield from _tests_of_rule(rule, ("rules", index))
    for key, stage in agreement.stages.items():
        if stage.when is not None:
            yield from _tests(stage.when.where, ("stages", key, "when", "where"))
    for part, triggers in triggers_of(agreement).items():
        for index, trigger in enumerate(triggers):
            yield from _tests(trigger.where, (part, index, "where"))


def triggers_of(agreement: Agreement) -> Mapping[str, tuple[Trigger, ...]]:
    """Fast tracks, disqualifiers and overrides, by the part in which they stand."""
    return {
        "fast_tracks": agreement.fast_tracks,
        "disqualify": agreement.disqualify,
        "overrides": agreement.overrides,
    }


def _tests(where: Mapping[str, Test], path: Path) -> Iterator[_Tested]:
    for name, test in where.items():
        yield name, test, (*path, name)


def _tests_of_rule(rule: Rule, path: Path) -> Iterator[_Tested]:
    match rule:
        case CountingRule():
            return _tests(rule.where, (*path, "where"))
        case DistinctRule():
            return _tests(rule.distinct.where, (*path, "distinct", "where"))
        case VelocityRule():
            return _tests(rule.velocity.where, (*path, "velocity", "where"))
    return iter(())


def _never_given(agreement: Agreement, name: str, test: Test, path: Path) -> Iterator[Fault]:
    if name not in CONTENT_PROPERTIES or path[0] == "content" or not isinstance(test, Patterns):
        return
    given = {getattr(content, name) for content in agreement.content} - {None}
    if given and not any(test.holds(value) for value in given):
        known = ", ".join(sorted(given))
        found = ", ".join(test.patterns)
        yield fault_of_sense("content_never_given", path, found, property=name, known=known)


def _takes_all_of(earlier: Content, later: Content) -> bool:
    """Whether every event of the later content is already one of the earlier."""
    return all(
        name in later.where and _implied(later.where[name], test)
        for name, test in earlier.where.items()
    )


def _implied(narrow: Test, wide: Test) -> bool:
    """Whether what passes `narrow` surely passes `wide`.

    A pattern that another matches letter by letter, its own stars included, is narrower.
    """
    if isinstance(narrow, Patterns) and isinstance(wide, Patterns):
        return all(wide.holds(pattern) for pattern in narrow.patterns)
    return narrow == wide
