"""Which keys the agreement knows at a place, to name the one that was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from passerelle.core.agreement import Agreement
from passerelle.core.faults import Path


def known_keys(loc: Path) -> tuple[str, ...]:
    """The keys that may stand at the place that `loc` leads to, its last part left out."""
    models: list[type[BaseModel]] = [Agreement]
    for part in loc[:-1]:
        if below := [m for model in models for m in _models_of(model, part)]:
            models = below
        elif narrowed := [model for model in models if part in _names(model)]:
            models = narrowed
    return tuple(dict.fromkeys(name for model in models for name in _names(model)))


def nearest_key(loc: Path) -> str | None:
    """The known key most like the last part of `loc`; None when none is like it."""
    near = difflib.get_close_matches(str(loc[-1]), known_keys(loc), n=1, cutoff=0.6)
    return near[0] if near else None


def _names(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _models_of(model: type[BaseModel], part: str | int) -> Iterator[type[BaseModel]]:
    for name, info in model.model_fields.items():
        if part in (name, info.alias):
            yield from _models_in(info.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
