"""The columns of our tables, as any database's rows are written down and read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.db import models

UNCOPIED = frozenset({"sessions", "usersessions"})
"""Apps whose rows stay behind: who was signed in signs in again."""


class Kind(StrEnum):
    """What a column holds, whatever the database calls it."""

    NUMBER = "number"
    TEXT = "text"
    INSTANT = "instant"
    DAY = "day"
    TRUTH = "truth"
    JSON = "json"
    DECIMAL = "decimal"
    BYTES = "bytes"


_ARROW: dict[Kind, pa.DataType] = {
    Kind.NUMBER: pa.int64(),
    Kind.TEXT: pa.string(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.DAY: pa.string(),
    Kind.TRUTH: pa.bool_(),
    Kind.JSON: pa.string(),
    Kind.DECIMAL: pa.string(),
    Kind.BYTES: pa.binary(),
}
_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.BooleanField, Kind.TRUTH),
    (models.DateTimeField, Kind.INSTANT),
    (models.DateField, Kind.DAY),
    (models.DecimalField, Kind.DECIMAL),
    (models.IntegerField, Kind.NUMBER),  # automatic keys are such, too
    (models.JSONField, Kind.JSON),
    (models.BinaryField, Kind.BYTES),
    (models.CharField, Kind.TEXT),
    (models.TextField, Kind.TEXT),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, its columns, and the column that numbers its rows, if one does."""

    name: str
    columns: dict[str, Kind]
    numbered: str | None

    @property
    def schema(self) -> pa.Schema:
        """How it is written down."""
        return pa.schema([(name, _ARROW[kind]) for name, kind in self.columns.items()])


def tables() -> list[Table]:
    """Every table of the installed apps that is backed up.

    Raises:
        TypeError: a model has a field of a kind nobody has thought of yet.
    """
    found = apps.get_models(include_auto_created=True)
    return [
        _table(model)
        for model in sorted(found, key=lambda model: model._meta.db_table)  # noqa: SLF001  # Django's public way to ask
        if model._meta.managed and model._meta.app_label not in UNCOPIED  # noqa: SLF001
    ]


def batch_of(rows: Sequence[Sequence[Any]], table: Table) -> pa.RecordBatch:
    """Rows, with values as `snapshots.selected` reads them, as they are written down."""
    parts = zip(*rows, strict=True)
    arrays = [
        _written(list(part), k) for part, k in zip(parts, table.columns.values(), strict=True)
    ]
    return pa.record_batch(arrays, schema=table.schema)


def rows_of(batch: pa.RecordBatch, *, vendor: str) -> Iterator[tuple[Any, ...]]:
    """The rows again, with values as the database of that vendor takes them."""
    columns = [column.to_pylist() for column in batch.columns]
    if vendor == "sqlite":
        columns = [
            _for_sqlite(values, field.type)
            for values, field in zip(columns, batch.schema, strict=True)
        ]
    return zip(*columns, strict=True)


def _table(model: type[models.Model]) -> Table:
    about = model._meta  # noqa: SLF001  # Django's public way to ask
    columns = {str(field.column): _kind_of(field) for field in about.local_concrete_fields}
    numbered = about.auto_field
    return Table(about.db_table, columns, None if numbered is None else numbered.column)


def _kind_of(field: Any) -> Kind:
    if isinstance(field, models.ForeignKey):
        return _kind_of(field.target_field)
    for type_, kind in _KINDS:
        if isinstance(field, type_):
            return kind
    raise TypeError(f"{field} is of no kind that a backup knows")


def _written(values: list[Any], kind: Kind) -> pa.Array:
    match kind:
        case Kind.INSTANT:
            return _instants(values)
        case Kind.TRUTH:
            return pa.array([None if v is None else bool(v) for v in values], pa.bool_())
        case Kind.BYTES:
            return pa.array([None if v is None else bytes(v) for v in values], pa.binary())
    return pa.array(values, _ARROW[kind])


def _instants(values: list[Any]) -> pa.Array:
    first = next((value for value in values if value is not None), 0)
    plain = pa.timestamp("us")
    if isinstance(first, str):
        return pa.array(values, pa.string()).cast(plain).cast(_ARROW[Kind.INSTANT])
    return pa.array(values, pa.int64()).cast(plain).cast(_ARROW[Kind.INSTANT])


def _for_sqlite(values: list[Any], kind: pa.DataType) -> list[Any]:
    if pa.types.is_timestamp(kind):
        return [None if v is None else _sqlite_text(v) for v in values]
    return values


def _sqlite_text(at: datetime) -> str:
    """The text that Django keeps in SQLite for an instant."""
    return str(at.astimezone(UTC).replace(tzinfo=None))
