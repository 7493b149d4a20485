"""The columns that the table of leads can have, and what stands in them when they are exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from passerelle.apps.people.models import Lead
from passerelle.core.agreement import Agreement
from passerelle.report.naming import field_label
from passerelle.words import Language, say

STANDARD = ("company", "score", "grade", "stage", "since", "seen")
_OTHERS = ("source", "team", "email", "phone", "job_title", "tags", "created", "key")
_FIELD = "field."


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, how it is called, and the key it sorts by where it does."""

    key: str
    title: str
    sort: str = ""

    @property
    def field(self) -> str:
        """The field it shows, if it shows one."""
        return self.key.removeprefix(_FIELD) if self.key.startswith(_FIELD) else ""


_SORTED = frozenset({"score", "since", "seen", "created"})


def columns(agreement: Agreement | None, language: Language) -> tuple[Column, ...]:
    """Every column there is, beside the name, which is always shown."""
    own = [
        Column(key, say(f"desk.column.{key}", language), key if key in _SORTED else "")
        for key in (*STANDARD, *_OTHERS)
    ]
    if agreement is not None:
        own += [Column(f"{_FIELD}{name}", field_label(name, language)) for name in agreement.fields]
    return tuple(own)


def chosen(every: Sequence[Column], keys: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these keys, in their standing order; the standard ones when none is known."""
    wanted = set(keys) & {column.key for column in every} or set(STANDARD)
    return tuple(column for column in every if column.key in wanted)


def told(lead: Lead, key: str) -> Any:
    """What a column holds of a lead, as data: for exports."""
    score = getattr(lead, "score", None)
    match key:
        case "company":
            return lead.company.name if lead.company else ""
        case "score":
            return None if score is None else Decimal(format(score.total.normalize(), "f"))
        case "grade" | "stage":
            return "" if score is None else getattr(score, key)
        case "since":
            return None if score is None else _written(score.stage_since)
        case "seen":
            return _written(lead.last_seen_at)
        case "created":
            return _written(lead.created_at)
        case "team":
            return lead.team.name if lead.team else ""
        case "tags":
            return ", ".join(sorted(tag.name for tag in lead.tags.all()))
        case _ if key.startswith(_FIELD):
            return lead.fields.get(key.removeprefix(_FIELD))
        case _:
            return getattr(lead, key)


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")
