"""Ranges of numbers as people write them: `<10`, `50..499`, `>=500`, `80`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

_NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?"
_COMPARED = re.compile(rf"(<=|>=|<|>|=)?\s*({_NUMBER})")
_BETWEEN = re.compile(rf"({_NUMBER})\s*\.\.\s*(<)?\s*({_NUMBER})")

_NONE = Decimal(0)

MILLIONTH = Decimal("0.0000005")
"""Half a millionth of a point: levels closer than this to a line stand on it."""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`; a missing end is open, an end may be left out of the range."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_included: bool = True
    high_included: bool = True

    def holds(self, value: Decimal) -> bool:
        """Whether `value` lies in the range."""
        return self._above(value) and self._below(value)

    def holds_level(self, value: Decimal) -> bool:
        """Whether a level of points lies in the range, compared to the millionth of a point."""
        return self._above(value, MILLIONTH) and self._below(value, MILLIONTH)

    def overlaps(self, other: Range) -> bool:
        """Whether some number lies in both ranges."""
        return not (self._ends_before(other) or other._ends_before(self))

    def overlaps_closed(self, low: Decimal, high: Decimal) -> bool:
        """Whether some number from `low` to `high`, both included, lies in the range."""
        return self.overlaps(Range(low, high))

    def is_empty(self) -> bool:
        """Whether no number lies in the range."""
        return self._ends_before(self)

    def _above(self, value: Decimal, slack: Decimal = _NONE) -> bool:
        if self.low is None:
            return True
        return value >= self.low - slack if self.low_included else value > self.low + slack

    def _below(self, value: Decimal, slack: Decimal = _NONE) -> bool:
        if self.high is None:
            return True
        return value <= self.high + slack if self.high_included else value < self.high - slack

    def _ends_before(self, other: Range) -> bool:
        if self.high is None or other.low is None:
            return False
        touching = self.high_included and other.low_included
        return self.high < other.low if touching else self.high <= other.low

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"{self.low}"
        if self.low is not None and self.high is not None:
            return f"{self.low}..{'' if self.high_included else '<'}{self.high}"
        if self.low is not None:
            return f"{'>=' if self.low_included else '>'}{self.low}"
        return f"{'<=' if self.high_included else '<'}{self.high}"


def within(points: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """The points, or the end beyond which they lie; a missing end is open."""
    if low is not None and points < low:
        return low
    return high if high is not None and points > high else points


def parse_range(value: Any) -> Range:
    """The range written as `<10`, `<=10`, `50..499` (both included), `50..<500`, `>=500` or `80`.

    Numbers have at most 15 digits before the point and 6 behind it.

    Raises:
        PydanticCustomError: `not_a_range` when the text is no range or holds no number.
    """
    if isinstance(value, Range):
        return value
    text = str(value).strip()
    if match := _BETWEEN.fullmatch(text):
        found = Range(Decimal(match[1]), Decimal(match[3]), high_included=match[2] is None)
    elif match := _COMPARED.fullmatch(text):
        found = _compared(match[1] or "=", Decimal(match[2]))
    else:
        raise PydanticCustomError("not_a_range", "'{found}' is not a range", {"found": value})
    if found.is_empty():
        raise PydanticCustomError("empty_range", "'{found}' holds no number", {"found": value})
    return found


def looks_like_range(text: str) -> bool:
    """Whether `text` is written as a range with a sign or two ends (a plain number is not)."""
    stripped = text.strip()
    return bool(
        _BETWEEN.fullmatch(stripped) or (stripped[:1] in "<>=" and _COMPARED.fullmatch(stripped))
    )


def _compared(sign: str, number: Decimal) -> Range:
    match sign:
        case "<":
            return Range(high=number, high_included=False)
        case "<=":
            return Range(high=number)
        case ">":
            return Range(low=number, low_included=False)
        case ">=":
            return Range(low=number)
        case _:
            return Range(low=number, high=number)


NumberRange = Annotated[Range, PlainValidator(parse_range)]
"""A range in an agreement's spelling."""
