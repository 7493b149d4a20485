"""Traits of identify and group calls, and the names that agreements have for them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import Any

from passerelle.files.synonyms import SYNONYMS, plain

Scalar = str | bool | int | float | None

DEEPEST = 6
MOST = 200
CONTACT = frozenset({"email", "first_name", "last_name", "name", "phone", "job_title"})
"""Fields of a person, which a trait of a group cannot be about."""

_FIELDS = (
    "email", "first_name", "last_name", "company", "domain", "job_title", "seniority", "department",
    "employees", "industry", "country", "region", "city", "source", "campaign", "channel", "budget",
    "ad_spend", "tools", "phone", "need", "timing",
)  # fmt: skip
_OTHER_NAMES = {name: field for field in _FIELDS for name in SYNONYMS.get(field, ())} | {
    "company_employee_count": "employees",
    "full_name": "name",
    "display_name": "name",
    "nom_complet": "name",
    "linkedin_title": "job_title",
    "address_postal_code": "postal_code",
}
_WITHIN = ("company_", "address_", "organization_")  # company.industry is the industry


def flattened(properties: Mapping[str, Any]) -> dict[str, Scalar]:
    """The scalars of nested properties by dotted name; without lists, and within bounds."""
    return dict(pair for pair, _ in zip(_leaves(properties, "", 1), range(MOST), strict=False))


def fields_of(
    properties: Mapping[str, Any], *, group: bool, known: Container[str] | None = None
) -> dict[str, Scalar]:
    """The traits by the names that agreements have for them.

    Args:
        properties: of an identify call, or of a group call.
        group: whether they are a group's; its name is the company.
        known: the fields to take; without, every trait is taken, by its best name.
    """
    exact: dict[str, Scalar] = {}
    by_other_name: dict[str, Scalar] = {}
    for name, value in flattened(properties).items():
        own, *others = _candidates(name, group=group) or ("",)
        if known is None:
            field = others[0] if others else own
        else:
            field = next((field for field in (own, *others) if field in known), "")
        if field:
            (exact if field == own else by_other_name).setdefault(field, value)
    return by_other_name | exact


@lru_cache(maxsize=4096)
def _candidates(name: str, *, group: bool) -> tuple[str, ...]:
    """The fields that a trait may be: the one called just so, then the likeliest first."""
    own = plain(name)
    if not own:
        return ()
    if group:
        if own in {"name", "company_name"}:
            return ("company", "company")
        return tuple(f for f in (own, *_others(own)) if f not in CONTACT)
    return (own, *_others(own))


def _others(own: str) -> list[str]:
    inner = [own.removeprefix(within) for within in _WITHIN if own.startswith(within)]
    known = [_OTHER_NAMES[name] for name in (own, *inner) if name in _OTHER_NAMES]
    return [*known, *(name for name in inner if name not in {*CONTACT, "id", "key"})]


def _leaves(value: Mapping[str, Any], above: str, depth: int) -> Iterator[tuple[str, Scalar]]:
    for name, inner in value.items():
        match inner:
            case dict() if depth < DEEPEST:
                yield from _leaves(inner, f"{above}{name}.", depth + 1)
            case None | str() | bool() | int() | float():
                yield f"{above}{name}", inner
            case _:
                pass
