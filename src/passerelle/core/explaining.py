"""A score in words: why, what the limits took, why not yet, what would change it, until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.core.explaining_ahead import change, until
from passerelle.core.explaining_gaps import not_yet
from passerelle.core.explaining_reasons import Reason, attributed, reasons
from passerelle.core.explaining_standing import qualification, summary
from passerelle.core.explaining_why import NameRule, late, lines, overrides, title_or_key, why
from passerelle.core.history import Lead
from passerelle.core.outlook import until_when, what_would_change, why_not_yet
from passerelle.core.scorer import Score
from passerelle.words import Language, say

__all__ = [
    "Explanation",
    "NameRule",
    "Reason",
    "Section",
    "attributed",
    "explain",
    "reasons",
    "title_or_key",
]

SectionKey = Literal[
    "summary", "why", "lines", "overrides", "late", "bant", "not_yet", "change", "until"
]

HORIZON_DAYS = 1100


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an explanation: its title and its sentences, the weightiest first."""

    key: SectionKey
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sections that have anything to say, in the order in which they are read."""

    lead: str
    language: Language
    sections: tuple[Section, ...]

    def of(self, key: SectionKey) -> tuple[str, ...]:
        """The sentences of one section; none when it has nothing to say."""
        return next((s.sentences for s in self.sections if s.key == key), ())


def explain(
    agreement: Agreement,
    lead: Lead,
    score: Score,
    language: Language,
    *,
    name_rule: NameRule = title_or_key,
    most: int = 5,
) -> Explanation:
    """The score of the lead in words, with at most `most` suggestions.

    `score` is the lead's score under the same agreement; what lies ahead is worked out from its
    `as_of`.
    """
    here, as_of = score.stage, score.as_of
    ahead = why_not_yet(agreement, lead, as_of=as_of)
    suggestions = what_would_change(agreement, lead, as_of=as_of, most=most)
    fall = until_when(agreement, lead, as_of=as_of, horizon_days=HORIZON_DAYS)
    told: dict[SectionKey, tuple[str, ...]] = {
        "summary": tuple(summary(agreement, score, language)),
        "why": tuple(why(agreement, lead, score, language, name_rule=name_rule))
        or (say("explain.why.nothing", language),),
        "lines": tuple(lines(score, language)),
        "overrides": tuple(overrides(agreement, score, language)),
        "late": tuple(late(agreement, score, language, name_rule=name_rule)),
        "bant": tuple(qualification(agreement, lead, score, language)),
        "not_yet": tuple(not_yet(agreement, here, ahead, language)),
        "change": tuple(
            change(agreement, suggestions, language, here=here, as_of=as_of, name_rule=name_rule)
        ),
        "until": tuple(
            until(agreement, here, fall, language, name_rule=name_rule, horizon_days=HORIZON_DAYS)
        ),
    }
    return Explanation(
        lead.key,
        language,
        tuple(
            Section(key, say(f"explain.section.{key}", language), sentences)
            for key, sentences in told.items()
            if sentences
        ),
    )
