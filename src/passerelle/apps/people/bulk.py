"""Many rows changed at once, each to values of its own.

Django's `bulk_update` writes one statement with a condition for each value, which takes ten times
as long to write as to carry out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection, models


def update_rows(rows: Iterable[models.Model], columns: Sequence[str]) -> None:
    """Write these fields of the rows, which are all of one model and have their ids."""
    each = list(rows)
    if not each:
        return
    meta = each[0]._meta  # noqa: SLF001  # Django's documented way to a model's fields
    fields = [cast("models.Field[Any, Any]", meta.get_field(name)) for name in columns]
    quote = connection.ops.quote_name
    assert meta.pk is not None
    setting = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {setting} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608  # names are our own
    values = [
        [
            *(f.get_db_prep_save(getattr(row, str(f.attname)), connection) for f in fields),
            row.pk,
        ]
        for row in each
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
