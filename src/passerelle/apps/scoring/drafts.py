"""A text that may become the agreement: read, compared with the one in force, faults at place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.core.differences import difference_sentences
from passerelle.core.faults import Fault, InvalidAgreement
from passerelle.core.reading import read_agreement
from passerelle.core.sentences import Description, describe
from passerelle.words import Language

MOST_CHARACTERS = 1_000_000
AROUND = 2
"""So many lines before and after a faulty one are shown with it."""

Effect = Literal["first", "changes", "signs", "same"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text with its faults; `after_gap` when lines before it are left out."""

    number: int
    text: str
    faults: tuple[str, ...]
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Faulty:
    """A text that is no agreement: what is wrong, and the lines where."""

    faults: tuple[tuple[int, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is an agreement, and what publishing it would change."""

    agreement: Agreement
    effect: Effect
    changes: tuple[str, ...]
    description: Description


def examine(text: str, current: Agreement | None, language: Language) -> Draft | Faulty:
    """What the text would do in the place of the agreement in force, or all that is wrong."""
    try:
        agreement = read_agreement(text)
    except InvalidAgreement as invalid:
        return _faulty(text, invalid.faults, language)
    effect = _effect(agreement, current)
    changes = (
        difference_sentences(current, agreement, language)
        if current is not None and effect == "changes"
        else ()
    )
    return Draft(agreement, effect, changes, describe(agreement, language))


def _effect(agreement: Agreement, current: Agreement | None) -> Effect:
    if current is None:
        return "first"
    if current.version != agreement.version:
        return "changes"
    return "same" if current.signatures == agreement.signatures else "signs"


def _faulty(text: str, faults: Sequence[Fault], language: Language) -> Faulty:
    by_line: dict[int, list[str]] = {}
    for fault in faults:
        by_line.setdefault(fault.line, []).append(fault.says(language))
    written = text.splitlines() or [""]
    shown = sorted(
        {
            number
            for line in by_line
            for number in range(line - AROUND, line + AROUND + 1)
            if 1 <= number <= len(written)
        }
    )
    lines = tuple(
        Line(number, written[number - 1], tuple(by_line.get(number, ())), before != number - 1)
        for before, number in zip([0, *shown], shown, strict=False)
    )
    return Faulty(tuple((fault.line, fault.says(language)) for fault in faults), lines)
