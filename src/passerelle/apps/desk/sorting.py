"""Pages of a long table by what stood last on the one before, however deep one reads.

Rows that lack what the table is sorted by stand at its end, by their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet

from passerelle.apps.people.models import Lead

_SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Sort:
    """A column that leads can be sorted by.

    `path` is the column, `tie` the number that settles ties; an index holds both, in the order
    that `falls_first` says, so that either direction reads along it.
    """

    path: str
    tie: str
    parse: Callable[[str], Any]
    falls_first: bool = False
    may_lack: bool = True


SORTS: dict[str, Sort] = {
    "score": Sort("score__total", "score__lead_id", Decimal, falls_first=True),
    "since": Sort("score__stage_since", "score__lead_id", datetime.fromisoformat, falls_first=True),
    "seen": Sort("last_seen_at", "id", datetime.fromisoformat, falls_first=True),
    "created": Sort("created_at", "id", datetime.fromisoformat, falls_first=True, may_lack=False),
    "name": Sort("name", "id", str, may_lack=False),
}
FALLING_FIRST = frozenset(key for key, sort in SORTS.items() if sort.falls_first)


@dataclass(frozen=True, slots=True)
class Order:
    """A sort and its direction."""

    sort: Sort
    falls: bool

    @classmethod
    def read(cls, text: str) -> Order | None:
        """The order that `score` or `-score` names; None when there is no such column."""
        sort = SORTS.get(text.removeprefix("-"))
        return None if sort is None else cls(sort, text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: the sorted value and the number of the row beside it."""

    value: Any
    tie: int

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return f"{'' if value is None else value}{_SEPARATOR}{self.tie}"

    @classmethod
    def read(cls, text: str, sort: Sort) -> Cursor | None:
        """The place that an address names; None when it makes no sense."""
        value, _, tie = text.rpartition(_SEPARATOR)
        try:
            return cls(sort.parse(value) if value or not sort.may_lack else None, int(tie))
        except (ValueError, InvalidOperation, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order, and the places where those before and after them begin."""

    rows: tuple[Lead, ...]
    newer: Cursor | None
    older: Cursor | None


def page_of(
    leads: QuerySet[Lead],
    order: Order,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int,
) -> Page:
    """The rows that follow one place or precede another; from the beginning without either."""
    if before is not None and after is None:
        rows = _before(leads, order, before, size + 1)
        more = len(rows) > size
        rows = rows[-size:]
        newer = _beside(rows[0], order) if rows and more else None
        return Page(tuple(rows), newer, _beside(rows[-1], order) if rows else None)
    rows = _after(leads, order, after, size + 1)
    older = _beside(rows[size - 1], order) if len(rows) > size else None
    rows = rows[:size]
    newer = _beside(rows[0], order) if rows and after is not None else None
    return Page(tuple(rows), newer, older)


def _after(leads: QuerySet[Lead], order: Order, place: Cursor | None, n: int) -> list[Lead]:
    held, lacking = _parts(leads, order)
    rows: list[Lead] = []
    if place is None or place.value is not None or not order.sort.may_lack:
        rows = list(_ordered(held, order, place)[:n])
    if len(rows) < n and lacking is not None:
        from_here = Q(id__gt=place.tie) if place is not None and place.value is None else Q()
        rows += lacking.filter(from_here).order_by("id")[: n - len(rows)]
    return rows


def _before(leads: QuerySet[Lead], order: Order, place: Cursor, n: int) -> list[Lead]:
    held, lacking = _parts(leads, order)
    back = Order(order.sort, not order.falls)
    rows: list[Lead] = []
    if place.value is None and lacking is not None:
        rows = list(lacking.filter(id__lt=place.tie).order_by("-id")[:n])
    if len(rows) < n:
        start = place if place.value is not None else None
        rows += _ordered(held, back, start)[: n - len(rows)]
    return rows[::-1]


def _parts(leads: QuerySet[Lead], order: Order) -> tuple[QuerySet[Lead], QuerySet[Lead] | None]:
    path = order.sort.path
    if not order.sort.may_lack:
        return leads, None
    return leads.filter(**{f"{path}__isnull": False}), leads.filter(**{f"{path}__isnull": True})


def _ordered(leads: QuerySet[Lead], order: Order, place: Cursor | None) -> QuerySet[Lead]:
    sort, falls = order.sort, order.falls
    tie_falls = falls != sort.falls_first
    if place is not None:
        reach = "lte" if falls else "gte"
        passed = "gte" if tie_falls else "lte"
        leads = leads.filter(**{f"{sort.path}__{reach}": place.value}).exclude(
            **{sort.path: place.value, f"{sort.tie}__{passed}": place.tie}
        )
    return leads.order_by(
        f"{'-' if falls else ''}{sort.path}", f"{'-' if tie_falls else ''}{sort.tie}"
    )


def _beside(lead: Lead, order: Order) -> Cursor:
    value = _found(lead, order.sort.path)
    if value is None and order.sort.may_lack:
        return Cursor(None, lead.pk)
    return Cursor(value, _found(lead, order.sort.tie))


def _found(lead: Lead, path: str) -> Any:
    thing: Any = lead
    for part in path.split("__"):
        thing = getattr(thing, part, None)
    return thing
