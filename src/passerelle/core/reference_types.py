"""What an option of the agreement may hold, and what it holds unless said otherwise, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from passerelle.core.conditions import parse_test
from passerelle.core.parts import Band, Expiry, HalfLife, listed
from passerelle.core.ranges import parse_range
from passerelle.core.spans import parse_days, parse_span
from passerelle.words import Language, say


def type_of(info: FieldInfo, language: Language) -> str:
    """What the option may hold; a fixed set of choices is spelt out.

    Raises:
        KeyError: the option holds something that has no words yet.
    """
    marks = [*_marks(info.annotation), *(_function(m) for m in info.metadata)]
    for mark, name in _NAMES:
        if mark in marks:
            return say(f"reference.type.{name}", language)
    if choices := [f"`{choice}`" for choice in _choices(info.annotation)]:
        return ", ".join(choices)
    if any(isinstance(mark, type) and issubclass(mark, BaseModel) for mark in marks):
        return say("reference.type.table", language)
    raise KeyError(info)


def default_of(info: FieldInfo, language: Language) -> str:
    """What the option holds unless said otherwise; a dash for nothing."""
    if info.is_required():
        return say("reference.type.required", language)
    default = info.default if info.default is not PydanticUndefined else None
    if isinstance(default, tuple):
        return ", ".join(f"`{item}`" for item in default)
    return "—"


def _marks(annotation: Any) -> Iterator[Any]:
    """The types and validators that an annotation is made of, outermost first."""
    yield annotation
    yield get_origin(annotation)
    for mark in getattr(annotation, "__metadata__", ()):
        yield _function(mark)
    if get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _marks(argument)


def _function(mark: Any) -> Any:
    return getattr(mark, "func", mark) if getattr(mark, "__hash__", None) else None


def _choices(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for argument in get_args(annotation):
            yield from _choices(argument)


_NAMES: tuple[tuple[Any, str], ...] = (
    (Band, "bands"),
    (HalfLife, "days"),
    (Expiry, "days"),
    (parse_days, "days"),
    (parse_span, "span"),
    (timedelta, "span"),
    (parse_range, "range"),
    (parse_test, "where"),
    (listed, "names"),
    (dict, "values"),
    (bool, "truth"),
    (date, "date"),
    (Decimal, "number"),
    (int, "whole"),
    (str, "text"),
)
"""By what an option is known, and its name in the words; the first that fits."""
