"""Leads as files: written row by row as they are read, however many there are."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from passerelle.apps.desk.columns import Column, told
from passerelle.apps.desk.sorting import Order, page_of
from passerelle.apps.people.models import Lead

Format = Literal["csv", "json"]
FORMATS: dict[str, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}

_BATCH = 1000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  # what a spreadsheet would reckon


def leads_file(
    request: HttpRequest,
    leads: QuerySet[Lead],
    *,
    order: Order,
    columns: Sequence[Column],
    form: Format,
) -> StreamingHttpResponse:
    """The file as an answer; nothing is held in memory but one batch of leads."""
    rows = _rows(leads, order)
    lines = _csv(rows, columns) if form == "csv" else _json(rows, columns)
    # a server of ASGI would gather a plain iterator whole before it sends
    body: Any = _one_by_one(lines) if isinstance(request, ASGIRequest) else lines
    response = StreamingHttpResponse(body, content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="leads.{form}"'
    return response


def _rows(leads: QuerySet[Lead], order: Order) -> Iterator[Lead]:
    leads = leads.select_related("score", "company", "team").prefetch_related("tags")
    place = None
    while True:
        page = page_of(leads, order, after=place, size=_BATCH)
        yield from page.rows
        if page.older is None:
            return
        place = page.older


class _Line:
    """Where the csv module writes: each line is handed on as it is made."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[Lead], columns: Sequence[Column]) -> Iterator[str]:
    writer = csv.writer(_Line())
    head = [*_HEAD, *(column.key for column in columns if column.key not in _HEAD)]
    yield "\ufeff" + writer.writerow(head)  # spreadsheets take it for UTF-8 by this mark
    for lead in rows:
        yield writer.writerow([harmless(told(lead, key)) for key in head])


def _json(rows: Iterator[Lead], columns: Sequence[Column]) -> Iterator[str]:
    keys = [*_HEAD, *(column.key for column in columns if column.key not in _HEAD)]
    separator = "["
    for lead in rows:
        one = {key: told(lead, key) for key in keys}
        yield separator + json.dumps(one, cls=DjangoJSONEncoder, ensure_ascii=False)
        separator = ",\n"
    yield "[]" if separator == "[" else "]\n"


def harmless(value: Any) -> str:
    """The cell's text, with an apostrophe before what a spreadsheet would take for a formula."""
    if value is None:
        return ""
    text = format(value, "f") if hasattr(value, "normalize") else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULAS) else text


async def _one_by_one(lines: Iterator[str]) -> AsyncIterator[str]:
    def following() -> str | None:
        return next(lines, None)

    while (line := await sync_to_async(following)()) is not None:
        yield line


_HEAD = ("key", "name", "email")
