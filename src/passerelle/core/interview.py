"""A first agreement from a dozen answers: the questions, and the document they make."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from passerelle.core.interview_text import HAND_RAISES, agreement_lines, listed
from passerelle.core.parts import Bands
from passerelle.core.spans import parse_days, parse_span
from passerelle.words import LANGUAGES, Language, say

Kind = Literal["key", "choice", "zone", "texts", "ranges", "choices", "number", "days", "span"]
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the interview.

    `key` names the answer; `default` is what an empty answer means; `choices` are the keys that
    may be answered, each with its words, where the question has choices.
    """

    key: str
    kind: Kind
    text: str
    default: str
    choices: tuple[tuple[str, str], ...] = ()


class Unusable(Exception):
    """The answer to `question` cannot be used; `says` tells why and what to answer."""

    code = "unusable_answer"

    def __init__(self, question: str, reason: str, found: str) -> None:
        super().__init__(question, reason, found)
        self.question, self.reason, self.found = question, reason, found

    def says(self, language: Language) -> str:
        """What is wrong with the answer and what to answer instead."""
        return say(f"interview.unusable.{self.reason}", language, found=self.found)


def questions(language: Language) -> tuple[Question, ...]:
    """The questions in the order in which they are asked."""
    return tuple(
        Question(
            key=key,
            kind=kind,
            text=say(f"interview.question.{key}", language),
            default=_default(key, default, language),
            choices=tuple((c, say(f"interview.choice.{c}", language)) for c in choices),
        )
        for key, kind, default, choices in _QUESTIONS
    )


def checked(question: Question, answer: str) -> str:
    """The answer as it goes into the document; an empty one is the default.

    Raises:
        Unusable: the answer is not of the kind that was asked for.
    """
    text = answer.strip() or question.default
    choices = [key for key, _ in question.choices]
    match question.kind:
        case "key" if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", text):
            raise Unusable(question.key, "key", text)
        case "zone" if text not in available_timezones():
            raise Unusable(question.key, "zone", text)
        case "choice" if text not in choices:
            raise Unusable(question.key, "choice", text)
        case "choices" if not set(listed(text)) <= set(choices):
            raise Unusable(question.key, "choice", text)
        case "number" if not _is_points(text):
            raise Unusable(question.key, "number", text)
        case "ranges" | "days" | "span":
            try:
                _PARSERS[question.kind](text)
            except (PydanticCustomError, ValidationError):
                raise Unusable(question.key, question.kind, text) from None
    return text


def agreement_text(answers: Answers, language: Language) -> str:
    """The document that the answers make, with comments in `language`.

    Questions without an answer get their default.

    Raises:
        Unusable: an answer is not of the kind asked for, or contradicts one before it.
    """
    asked = {q.key: checked(q, answers.get(q.key, "")) for q in questions(language)}
    if Decimal(asked["sql"]) <= Decimal(asked["mql"]):
        raise Unusable("sql", "not_above", asked["sql"])
    if parse_span(asked["contact"]) < parse_span(asked["accept"]):
        raise Unusable("contact", "not_later", asked["contact"])
    if parse_span(asked["hot"]) > parse_span(asked["accept"]):
        raise Unusable("hot", "not_faster", asked["hot"])
    return "\n".join(agreement_lines(asked, language)).rstrip() + "\n"


def from_gallery(text: str, key: str) -> str:
    """The text of a gallery agreement under another key; everything else stays as it is.

    Raises:
        Unusable: the key is none.
        ValueError: the text has no key of its own.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", key):
        raise Unusable("key", "key", key)
    renamed, times = re.subn(r"(?m)^key:[ \t]*[^\s#]+", f"key: {json.dumps(key)}", text, count=1)
    if not times:
        raise ValueError("the text has no line with its key")
    return renamed


def _is_points(text: str) -> bool:
    try:
        return 0 < Decimal(text) < 100 and len(text) < 7
    except InvalidOperation:
        return False


def _ranges(text: str) -> None:
    TypeAdapter(Bands).validate_python(dict.fromkeys(listed(text), 1) or {">=0": 1})


def _default(key: str, default: str, language: Language) -> str:
    if key == "language":
        return language
    return default or say(f"interview.default.{key}", language)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "ranges": _ranges,
    "days": parse_days,
    "span": parse_span,
}
_QUESTIONS: Sequence[tuple[str, Kind, str, Sequence[str]]] = (
    ("key", "key", "my_company", ()),
    ("language", "choice", "-", LANGUAGES),
    ("timezone", "zone", "", ()),
    ("roles", "texts", "", ()),
    ("unwanted_roles", "texts", "", ()),
    ("sizes", "ranges", "50..499, >=500", ()),
    ("industries", "texts", "", ()),
    ("hand_raises", "choices", ", ".join(HAND_RAISES[:3]), HAND_RAISES),
    ("strictness", "choice", "free", ("free", "strict")),
    ("mql", "number", "50", ()),
    ("sql", "number", "80", ()),
    ("half_life", "days", "30d", ()),
    ("accept", "span", "4h", ()),
    ("contact", "span", "1d", ()),
    ("hot", "span", "1h", ()),
    ("recycle", "days", "90d", ()),
)
"""Key, kind, default (from the words where it depends on the language), choices."""
