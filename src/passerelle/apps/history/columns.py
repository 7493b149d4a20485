"""Rows of the log as columns: what is always there, and properties, one text column each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pyarrow as pa

from passerelle.apps.capture.models import EventKind
from passerelle.apps.capture.reading import flattened
from passerelle.core.conditions import text_of

MOST_COLUMNS = 300
LONGEST_NAME = 100
PROPERTY = "p."
MORE = "more"
CAMPAIGN = ("source", "medium", "name", "term", "content")
TELLING = frozenset({EventKind.IDENTIFY.value, EventKind.GROUP.value})

_INSTANT = pa.timestamp("us")
_MORE = pa.map_(pa.string(), pa.string())
OWN: dict[str, pa.DataType] = {
    "id": pa.int64(),
    "source_id": pa.int64(),
    "subject_id": pa.int64(),
    "device_id": pa.int64(),
    "kind": pa.string(),
    "name": pa.string(),
    "message_id": pa.string(),
    "occurred_at": _INSTANT,
    "received_at": _INSTANT,
    "robot": pa.string(),
}
"""What every file has, times in UTC; then `campaign_…`, `context` as JSON, `p.…` and `more`."""


@dataclass(slots=True)
class Columns:
    """The properties that have a column of their own; the others stand in the map `more`.

    Names are taken as they come, up to `MOST_COLUMNS`, and kept for ever: all files agree. Engines
    do not tell columns apart by case, so of two names that differ in it alone one goes to `more`.
    When `closed`, no more are taken.
    """

    names: list[str]
    closed: bool = False
    _taken: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._taken = {name.casefold() for name in self.names}

    def take(self, name: str) -> bool:
        """Give the name a column if one is left; whether it did."""
        folded = name.casefold()
        full = len(self.names) >= MOST_COLUMNS or len(name) > LONGEST_NAME
        if self.closed or full or folded in self._taken or not folded.isprintable():
            return False
        self.names.append(name)
        self._taken.add(folded)
        return True


def table_of(rows: Sequence[Sequence[Any]], columns: Columns) -> pa.Table:
    """All of the rows, as they go into a file; new properties take columns.

    A row is what `OWN` names, then properties and context as JSON text. Values are texts as
    `text_of` writes them. A null or empty trait, which empties a field, is an empty text; other
    properties without a value are left out.
    """
    cells = _Cells(len(rows), set(columns.names), columns.take)
    campaigns: dict[str, list[str | None]] = {name: [None] * len(rows) for name in CAMPAIGN}
    for at, row in enumerate(rows):
        cells.fill(at, row[4], row[-2])
        if '"campaign"' in row[-1]:
            _fill_campaign(campaigns, at, row[-1])
    own = _own(rows)
    own |= {f"campaign_{name}": _texts(campaigns[name]) for name in CAMPAIGN}
    own["context"] = _texts([row[-1] for row in rows])
    return pa.table(own | cells.arrays())


def narrow_table_of(rows: Sequence[Sequence[Any]], wanted: Mapping[str, str]) -> pa.Table:
    """The rows with just the wanted properties, by the columns they are to be in.

    `more` holds the other traits, whichever they are.
    """
    cells = _Cells(len(rows), set(wanted), lambda _: False, telling=True)
    for at, row in enumerate(rows):
        cells.fill(at, row[4], row[-2])
    made, empty = cells.arrays(), pa.nulls(len(rows), pa.string())
    chosen = {column: made.get(PROPERTY + name, empty) for name, column in wanted.items()}
    return pa.table(_own(rows) | chosen | {MORE: made[MORE]})


class _Cells:
    """The properties of rows, by name and row."""

    def __init__(self, rows: int, known: set[str], take: Any, *, telling: bool = False) -> None:
        self.columns: dict[str, list[str | None]] = {}
        self._more: dict[int, list[tuple[str, str]]] = {}
        self._rows, self._known, self._take, self._telling = rows, known, take, telling

    def fill(self, at: int, kind: str, properties: str) -> None:
        """Put the properties of one row, given as JSON, into their columns."""
        if properties == "{}":
            return
        tells = kind in TELLING
        for name, value in flattened(_decoded(properties)).items():
            text = value if type(value) is str else text_of(value)
            if not text:
                if not tells:
                    continue
                text = ""
            column = self.columns.get(name)
            if column is None:
                if name not in self._known and not self._take(name):
                    if tells or not self._telling:
                        self._more.setdefault(at, []).append((name, text))
                    continue
                self._known.add(name)
                column = self.columns[name] = [None] * self._rows
            column[at] = text

    def arrays(self) -> dict[str, pa.Array]:
        """A column for each name, and `more`."""
        made = {PROPERTY + name: _texts(self.columns[name]) for name in sorted(self.columns)}
        if self._more or self._telling:
            rest = [self._more.get(at) for at in range(self._rows)]
            made[MORE] = pa.array(_mended_pairs(rest), _MORE)
        return made


def _own(rows: Sequence[Sequence[Any]]) -> dict[str, pa.Array]:
    parts = list(zip(*rows, strict=True)) or [()] * (len(OWN) + 2)
    return {
        name: instants(parts[at]) if kind is _INSTANT else _array(parts[at], kind)
        for at, (name, kind) in enumerate(OWN.items())
    }


def instants(values: Sequence[Any]) -> pa.Array:
    """Instants from microseconds since 1970 or from the texts that SQLite keeps."""
    first = next((value for value in values if value is not None), 0)
    if isinstance(first, str):
        return pa.array(values, pa.string()).cast(_INSTANT)
    return pa.array(values, pa.int64()).cast(_INSTANT)


def _fill_campaign(campaigns: dict[str, list[str | None]], at: int, context: str) -> None:
    campaign = _decoded(context).get("campaign")
    if not isinstance(campaign, dict):
        return
    for name in CAMPAIGN:
        value = campaign.get(name)
        if not isinstance(value, (dict, list)):
            campaigns[name][at] = text_of(value)


def _decoded(text: str) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError):
        decoded = json.loads(text)  # takes what only Python writes: NaN, half a surrogate pair
    return decoded if isinstance(decoded, dict) else {}


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    return _texts(values) if kind == pa.string() else pa.array(values, kind)


def _texts(values: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([_mended(value) for value in values], pa.string())


def _mended_pairs(rows: Iterable[list[tuple[str, str]] | None]) -> list[Any]:
    return [
        None if row is None else [(_mended(name), _mended(text)) for name, text in row]
        for row in rows
    ]


def _mended(text: str | None) -> str | None:
    """The text without halves of surrogate pairs, which no column holds."""
    return None if text is None else text.encode("utf-8", "replace").decode()
