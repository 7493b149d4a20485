"""The strongest reasons of a score, in a few words each."""

from __future__ import annotations

from passerelle.core.agreement import Agreement
from passerelle.core.explaining import Reason, reasons
from passerelle.core.explaining_format import capital, level_name, signed, stage_name, titled
from passerelle.core.scorer import Score
from passerelle.core.sentences_rules import short_rule_name
from passerelle.words import Language, say


def reasons_in_words(
    agreement: Agreement, score: Score, language: Language, *, most: int = 3
) -> tuple[str, ...]:
    """The reasons that weigh most in the total, the heaviest first."""
    return tuple(
        f"{reason_name(agreement, reason, language)} {signed(round(reason.points, 1), language)}"
        for reason in reasons(agreement, score, most=most)
    )


def reason_name(agreement: Agreement, reason: Reason, language: Language) -> str:
    """What the points are for."""
    match reason.kind:
        case "rule":
            return short_rule_name(agreement.rule(reason.of), language)
        case "override" | "set":
            return titled(agreement, reason.of)
        case "unscored":
            return say("cli.reason.unscored", language, level=level_name(reason.of, language))
        case "line":
            return say("cli.reason.line", language, level=level_name(reason.of, language))


def stage_title(agreement: Agreement, stage: str, language: Language) -> str:
    """The stage's name with a capital, to stand in a table."""
    return capital(stage_name(agreement, stage, language))
