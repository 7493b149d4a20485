"""Everything that traits tell of somebody, by the best names there are for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from passerelle.apps.capture.reading import flattened
from passerelle.apps.capture.traits import PERSONAL, fields_told, traits_by_field
from passerelle.core.conditions import Value, fold
from passerelle.files.synonyms import plain

__all__ = ["fields_of"]

_NAMED = frozenset(
    {
        "email", "first_name", "last_name", "name", "phone", "job_title", "company", "website",
        "domain", "seniority", "department", "employees", "industry", "country", "region", "city",
        "source", "campaign", "channel", "budget", "ad_spend", "tools", "need", "timing",
    }
)  # fmt: skip
"""Fields that have names of their own whether an agreement asks for them or not."""


def fields_of(kind: str, properties: Mapping[str, Any]) -> dict[str, Value]:
    """What a call of this kind tells, by field; an explicit null empties a field.

    The usual fields are read as scoring reads them; whatever else is told has its plain name.
    """
    traits = flattened(properties)
    told = fields_told(kind, traits, _NAMED)
    if not told and not traits:
        return {}
    by_field = traits_by_field(kind, tuple(sorted(traits)), _NAMED)
    read = {name for names in by_field.values() for name in names}
    for name in sorted(traits.keys() - read):
        field = plain(name)
        if field and field not in PERSONAL:
            told.setdefault(field, traits[name])
    return told


def is_empty(value: Value) -> bool:
    """Whether a value says that nothing is known."""
    return value is None or (isinstance(value, str) and not fold(value).strip())
