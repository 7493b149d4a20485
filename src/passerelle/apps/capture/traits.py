"""Which field of a lead a trait tells, whatever its sender calls it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from passerelle.apps.capture.models import EventKind
from passerelle.core.conditions import Value
from passerelle.files.synonyms import SYNONYMS, plain

PERSONAL = frozenset({"email", "first_name", "last_name", "name", "phone", "job_title"})
"""Fields of a person: what a group call says under such a name is the group's."""

_PARTS: Mapping[str, frozenset[str]] = {
    "company": frozenset({"domain", "employees", "industry", "website"}),
    "address": frozenset({"city", "country", "region"}),
}
"""Fields that stand in an object of that name in the calls of the Segment spec."""

_TELLING = frozenset({EventKind.IDENTIFY, EventKind.GROUP})


def fields_told(kind: str, traits: Mapping[str, Value], known: Iterable[str]) -> dict[str, Value]:
    """The known fields that a call's flattened traits tell; an explicit null empties a field.

    Where two traits tell one field, the one named like the field goes first.
    """
    if kind not in _TELLING:
        return {}
    telling = traits_by_field(kind, tuple(sorted(traits)), frozenset(known))
    return {field: traits[names[0]] for field, names in telling.items()}


@lru_cache(maxsize=4_096)
def traits_by_field(
    kind: str, names: tuple[str, ...], known: frozenset[str]
) -> Mapping[str, tuple[str, ...]]:
    """By known field the traits among `names` that tell it, the first to be asked first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        for field, rank in _fields_of(kind, name, known):
            found.setdefault(field, []).append((rank, name))
    return {field: tuple(name for _, name in sorted(found[field])) for field in sorted(found)}


def _fields_of(kind: str, name: str, known: frozenset[str]) -> list[tuple[str, int]]:
    """The fields that a trait may tell, each with its rank among the names of that field."""
    if name in known:
        return [(name, 0)] if _may_tell(kind, name) else _of_group(kind, name, known)
    spoken = plain(name)
    if spoken in known:
        return [(spoken, 1)] if _may_tell(kind, spoken) else _of_group(kind, spoken, known)
    found = _of_group(kind, spoken, known)
    found += [
        (field, 10 + SYNONYMS[field].index(spoken))
        for field in known & SYNONYMS.keys()
        if spoken in SYNONYMS[field] and _may_tell(kind, field)
    ]
    return found or _of_part(name, known)


def _may_tell(kind: str, field: str) -> bool:
    return kind != EventKind.GROUP or field not in PERSONAL


def _of_group(kind: str, name: str, known: frozenset[str]) -> list[tuple[str, int]]:
    """The name of a group is that of the company."""
    return (
        [("company", 2)] if (kind, name) == (EventKind.GROUP, "name") and "company" in known else []
    )


def _of_part(name: str, known: frozenset[str]) -> list[tuple[str, int]]:
    whole, _, part = name.partition(".")
    spoken = plain(part)
    return [
        (field, 100)
        for field in known & _PARTS.get(whole, frozenset())
        if spoken == field or spoken in SYNONYMS.get(field, ())
    ]
