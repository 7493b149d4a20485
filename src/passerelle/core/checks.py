"""The sense of an agreement: parts that contradict each other, lines that cannot be crossed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from passerelle.core.agreement import Agreement
from passerelle.core.checks_content import faults_of_content
from passerelle.core.checks_duties import faults_of_duties
from passerelle.core.checks_levels import faults_of_levels
from passerelle.core.checks_rules import faults_of_rules
from passerelle.core.checks_stages import faults_of_stages
from passerelle.core.checks_triggers import faults_of_triggers
from passerelle.core.faults import Fault, fault_of_sense


def faults_of_sense(agreement: Agreement) -> Iterator[Fault]:
    """Everything that makes no sense in a well-formed agreement; lines are filled in later."""
    yield from faults_of_levels(agreement)
    yield from _same_keys(agreement)
    yield from faults_of_rules(agreement)
    yield from faults_of_content(agreement)
    yield from faults_of_stages(agreement)
    yield from faults_of_triggers(agreement)
    yield from faults_of_duties(agreement)


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
                yield fault_of_sense("same_key", (part, index, "key"), key)
