"""Files that people brought hold people, too: who is forgotten leaves those as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.people.models import Import, ImportChunk, ImportReject, ImportState

_UNWRITTEN = (
    ImportState.MAPPING,
    ImportState.CHECKING,
    ImportState.READY,
    ImportState.FAILED,
)


def forget_imported(names: set[str], held: set[str], *, now: datetime) -> None:
    """Take the rows that name somebody out of every import, and their cells out of its examples.

    A file that was not written yet and names them is discarded whole: it can be brought again,
    without them.

    Args:
        names: addresses and ids by which they are known.
        held: what their fields hold.
        now: for the audit trail.
    """
    names = {name.casefold() for name in names}
    if not names:
        return
    cells = {value.casefold() for value in held if value} | names
    for chunk in ImportChunk.objects.filter(_mentioning("rows", names)).iterator(chunk_size=50):
        kept = [row for row in chunk.rows if not _names(row, names)]
        cells |= {cell for row in chunk.rows if row not in kept for cell in _texts(row)}
        if len(kept) != len(chunk.rows):
            ImportChunk.objects.filter(pk=chunk.pk).update(rows=kept)
    _forget_examples(cells)
    rejected = ImportReject.objects.filter(reduce(or_, (Q(value__iexact=cell) for cell in names)))
    rejected.update(value="")
    _discard_unwritten(names, now=now)


def _forget_examples(cells: set[str]) -> None:
    for row in Import.objects.only("columns", "examples").iterator(chunk_size=50):
        columns = _without(row.columns, cells)
        examples = [one for one in row.examples if not cells & set(_texts(one))]
        if (columns, examples) != (row.columns, row.examples):
            Import.objects.filter(pk=row.pk).update(columns=columns, examples=examples)


def _discard_unwritten(names: set[str], *, now: datetime) -> None:
    for row in (
        Import.objects.filter(state__in=_UNWRITTEN).exclude(file=None).iterator(chunk_size=1)
    ):
        text = bytes(row.file or b"").decode("utf-8", "replace").casefold()
        if any(name in text for name in names):
            record_deed(None, "import.discarded", subject=f"import:{row.key}", now=now)
            row.delete()


def _mentioning(column: str, names: Iterable[str]) -> Q:
    """Rows that may name somebody: JSON writes some letters otherwise, then all are looked at."""
    if not all(name.isascii() and name.isprintable() for name in names):
        return Q()
    return reduce(or_, (Q(**{f"{column}__icontains": name}) for name in names))


def _names(value: Any, names: set[str]) -> bool:
    return bool(names & set(_texts(value)))


def _texts(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value.strip().casefold()
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
        case bool() | None:
            return
        case _:
            yield str(value)


def _without(value: Any, cells: set[str]) -> Any:
    match value:
        case str():
            return "" if value.strip().casefold() in cells else value
        case dict():
            return {name: _without(part, cells) for name, part in value.items()}
        case list():
            return [_without(part, cells) for part in value]
        case _:
            return value
