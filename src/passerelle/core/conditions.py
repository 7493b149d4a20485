"""Tests that one field of a lead or one property of an event passes or fails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from passerelle.core.ranges import Range, looks_like_range, parse_range

Value = str | bool | int | float | Decimal | date | None
"""What a field or a property may hold."""


NUMBER = re.compile(r"[+-]?([0-9]{1,99}[.]?[0-9]{0,99}|[.][0-9]{1,99})([eE][+-]?[0-9]{1,2})?")
"""A number as every engine reads it: no thousands, nothing past any double."""

DATE = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
"""A date as every engine reads it, if there is such a day."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The text is one of these, without regard to case; `*` stands for any characters."""

    patterns: tuple[str, ...]

    def holds(self, value: Value) -> bool:
        """Whether the text of `value` matches one of the patterns; a missing value never does."""
        text = text_of(value)
        return text is not None and any(_glob(p).fullmatch(fold(text)) for p in self.patterns)


@dataclass(frozen=True, slots=True)
class InRange:
    """The number lies in the range; what is not a number never does."""

    range: Range

    def holds(self, value: Value) -> bool:
        """Whether the number in `value` lies in the range."""
        number = number_of(value)
        return number is not None and self.range.holds(number)


@dataclass(frozen=True, slots=True)
class Missing:
    """The value is missing (or, with `missing` false, is there)."""

    missing: bool = True

    def holds(self, value: Value) -> bool:
        """Whether `value` is missing as asked; empty text is missing."""
        return (text_of(value) is None) is self.missing


@dataclass(frozen=True, slots=True)
class Is:
    """The value is plainly true or plainly false."""

    expected: bool

    def holds(self, value: Value) -> bool:
        """Whether `value` is the expected truth; a missing value is neither."""
        return boolean_of(value) is self.expected


@dataclass(frozen=True, slots=True)
class DomainIn:
    """The domain of the e-mail address is one of these or below one of them."""

    domains: tuple[str, ...]

    def holds(self, value: Value) -> bool:
        """Whether the part after the last `@` is one of the domains or a subdomain."""
        text = text_of(value)
        if text is None:
            return False
        domain = fold(text).rpartition("@")[2]
        return any(domain == fold(d) or domain.endswith("." + fold(d)) for d in self.domains)


Test = Patterns | InRange | Missing | Is | DomainIn


def parse_test(value: Any) -> Test:
    """The test written as a value, a list of values, a range, or a table with one named test.

    Raises:
        PydanticCustomError: when the spelling is none of these.
    """
    match value:
        case Patterns() | InRange() | Missing() | Is() | DomainIn():
            return value
        case bool():
            return Is(value)
        case int() | float() | Decimal():
            return InRange(parse_range(value))
        case str() if looks_like_range(value):
            return InRange(parse_range(value))
        case str():
            return parse_patterns([value])
        case list():
            return parse_patterns(value)
        case {"missing": bool(missing), **rest} if not rest:
            return Missing(missing)
        case {"present": bool(present), **rest} if not rest:
            return Missing(not present)
        case {"domain_in": list(domains), **rest} if not rest:
            return DomainIn(parse_patterns(domains).patterns)
    raise PydanticCustomError("not_a_test", "'{found}' is not a test", {"found": str(value)})


def parse_patterns(values: Any) -> Patterns:
    """The patterns in a list of texts.

    Raises:
        PydanticCustomError: `not_texts` when it is not a list of texts with at least one in it.
    """
    if not isinstance(values, (list, tuple)) or not values:
        raise PydanticCustomError("not_texts", "'{found}' is not a list", {"found": str(values)})
    if not all(isinstance(v, (str, int, float)) and str(v).strip() for v in values):
        raise PydanticCustomError("not_texts", "'{found}' is not texts", {"found": str(values)})
    return Patterns(tuple(str(v) for v in values))


FieldTest = Annotated[Test, PlainValidator(parse_test)]
"""A test in an agreement's spelling."""

Where = Mapping[str, FieldTest]
"""Tests by property; all of them must hold."""


def passes(where: Mapping[str, Test], properties: Mapping[str, Value]) -> bool:
    """Whether the properties pass every test of `where`; an absent property is missing."""
    return all(test.holds(properties.get(name)) for name, test in where.items())


def exactly(value: Value) -> object:
    """A key for the value that no test can take for another: `1` is neither `True` nor `1.0`."""
    return value if type(value) is str or value is None else (type(value), str(value))


def fold(text: str) -> str:
    """`text` in lower case, one character for one, as every engine does it."""
    if text.isascii():
        return text.lower()
    return "".join(_FOLDED.get(c) or (c.lower() if len(c.lower()) == 1 else c) for c in text)


def text_of(value: Value) -> str | None:
    """The value as text, or None when it is missing or empty."""
    if type(value) is str:
        return value or None
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
    return str(value)


def number_of(value: Value) -> Decimal | None:
    """The value as a number, or None when it is none."""
    if value is None or isinstance(value, (bool, date)):
        return None
    text = str(value).strip(" ")
    return Decimal(text) if NUMBER.fullmatch(text) else None


def date_of(value: Value) -> date | None:
    """The value as a date, or None when it is none."""
    if isinstance(value, date):
        return value
    text = str(value)
    with suppress(ValueError):
        return date.fromisoformat(text) if DATE.fullmatch(text) else None
    return None


def boolean_of(value: Value) -> bool | None:
    """The value as a truth, or None when it is neither `true` nor `false`."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(fold(str(value)))


def glob_expression(pattern: str) -> str:
    """The regular expression, anchored, that a folded text must match for `pattern`."""
    return "^" + ".*".join(_escaped(part) for part in fold(pattern).split("*")) + "$"


_FOLDED = {"\u0130": "i"}
_SPECIAL = re.compile(r"([.^$+?{}()|\[\]\\])")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(glob_expression(pattern), re.DOTALL)
