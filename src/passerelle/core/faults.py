"""Faults of an agreement: where, what was found, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from passerelle.words import Language, say

FAULT_CODES = (
    # the document
    "too_long",
    "too_deep",
    "control_character",
    "alias",
    "tag",
    "sign_in_front",
    "colon_in_text",
    "quote_left_open",
    "bracket_left_open",
    "badly_indented",
    "two_documents",
    "not_yaml",
    "not_a_document",
    "key_is_no_name",
    "duplicate_key",
    # its shape
    "missing_key",
    "misspelt_key",
    "unknown_key",
    "not_a_text",
    "empty",
    "too_many",
    "not_a_key",
    "not_one_of",
    "not_a_truth",
    "not_a_number",
    "number_too_fine",
    "not_above",
    "too_low",
    "too_high",
    "not_a_date",
    "not_a_table",
    "not_a_list",
    "not_understood",
    "not_a_span",
    "span_too_long",
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
    "field_is_no_truth",
    "choices_of_no_text",
    "value_never_taken",
    "band_never_reached",
    "property_of_two_types",
    "content_never_given",
    "content_shadowed",
    "never_gives",
    "range_reversed",
    "weights",
    "weight_unused",
    "named_twice",
    "line_out_of_range",
    "ladder_not_falling",
    "reserved_stage",
    "stage_never_seen",
    "nothing_qualifies",
    "fast_track_to_nowhere",
    "unknown_clock",
    "never_open",
    "clock_contradicts",
    "unknown_reason",
)
"""Every kind of fault; each has its words in French and English and its line in the docs."""

Path = tuple[str | int, ...]

_LONGEST_QUOTE = 80


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

    def wrong(self, language: Language) -> str:
        """What is wrong, naming what was found."""
        return say(f"faults.{self.code}.wrong", language, **self._quoted())

    def remedy(self, language: Language) -> str:
        """What to write instead, with an example."""
        return say(f"faults.{self.code}.remedy", language, **self._quoted())

    def says(self, language: Language) -> str:
        """Place, what is wrong, and the remedy, in one sentence each."""
        said = {"wrong": self.wrong(language), "remedy": self.remedy(language)}
        if not self.path:
            return say("faults.said.alone", language, **said)
        return say("faults.said.placed", language, path=written(self.path), **said)

    def _quoted(self) -> dict[str, Any]:
        """What fills in the words, on one line and of bearable length."""
        given = {"found": self.found or "", **self.data}
        return {name: _short(v) if isinstance(v, str) else v for name, v in given.items()}


class InvalidAgreement(Exception):
    """The document is no agreement; `faults` holds everything that is wrong with it."""

    code = "invalid_agreement"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(f"line {fault.line}: {fault.says('en')}" for fault in self.faults)


def fault_of_sense(code: str, path: Path, found: object = None, **data: object) -> Fault:
    """A fault found in a well-formed agreement; its line is filled in from the document."""
    return Fault(code, path, 0, None if found is None else str(found), data)


def unknown(code: str, path: Path, found: str, known: Iterable[str]) -> Fault:
    """A fault for a name that is not among the known ones."""
    return fault_of_sense(code, path, found, known=", ".join(known) or "—")


def written(path: Path) -> str:
    """The path as a person writes it: `rules[3].half_life`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "—"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1]}…"
