"""Faults of an agreement: where, what was found, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from passerelle.words import Language, say

FAULT_CODES = (
    # the document
    "too_long",
    "alias",
    "not_yaml",
    "not_a_document",
    "duplicate_key",
    # its shape
    "missing_key",
    "unknown_key",
    "not_a_text",
    "empty",
    "not_a_key",
    "not_one_of",
    "not_a_truth",
    "not_a_number",
    "number_too_fine",
    "number_out_of_bounds",
    "not_a_date",
    "not_a_table",
    "not_a_list",
    "not_understood",
    "not_a_span",
    "not_days",
    "not_a_range",
    "empty_range",
    "not_a_test",
    "not_texts",
    "not_hours",
    "not_weekdays",
    "unknown_zone",
    # a part against itself
    "rule_kind",
    "one_question",
    "points_missing",
    "otherwise_alone",
    "points_or_counts",
    "counts_do_not_fade",
    "several_decays",
    "limit_measure",
    "never_valid",
    "overlapping_bands",
    "min_above_max",
    "never_returns",
    "visit_question",
    "at_least_or_counts",
    "total_way",
    "falls_from_nowhere",
    "field_or_event",
    "field_has_no_past",
    "one_effect",
    "needs_an_event",
    "until_thaws",
    # parts against each other
    "same_key",
    "dimension_or_group",
    "unknown_dimension",
    "unknown_group",
    "unknown_field",
    "unknown_level",
    "unknown_grade",
    "field_is_no_number",
    "field_is_a_number",
    "value_never_taken",
    "property_of_two_types",
    "content_never_given",
    "never_gives",
    "range_reversed",
    "weights",
    "line_out_of_range",
    "ladder_not_falling",
    "reserved_stage",
    "fast_track_to_nowhere",
    "unknown_clock",
    "never_open",
    "clock_contradicts",
    "unknown_reason",
    "unknown_requirement",
)
"""Every kind of fault; each has its words in French and English and its line in the docs."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an agreement.

    `code` names the kind of fault, `path` the place in the document, `line` its line (from 1),
    `found` the value as written; `data` fills in the words of the message.
    """

    code: str
    path: Path
    line: int
    found: str | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def says(self, language: Language) -> str:
        """Place, what is wrong, and the remedy, in one sentence each."""
        data = {"found": self.found, **self.data}
        wrong = say(f"faults.{self.code}.wrong", language, **data)
        remedy = say(f"faults.{self.code}.remedy", language, **data)
        return f"{written(self.path)}: {wrong} {remedy}".strip()


class InvalidAgreement(Exception):
    """The document is no agreement; `faults` holds everything that is wrong with it."""

    code = "invalid_agreement"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(f"line {fault.line}: {fault.says('en')}" for fault in self.faults)


def written(path: Path) -> str:
    """The path as a person writes it: `rules[3].half_life`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "—"
