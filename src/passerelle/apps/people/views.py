"""Pages of the imports: a file given, its columns said, its rows looked at, written, taken back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.people import imports
from passerelle.apps.people.import_files import FIELDS, LARGEST_FILE, MOST_ROWS, Unreadable
from passerelle.apps.people.impossible import CannotBeDone, Impossible
from passerelle.apps.people.models import Import, ImportReject, ImportState
from passerelle.apps.shell.language import current_language
from passerelle.files.synonyms import plain
from passerelle.words import say

_SHOWN_REJECTS = 20
_SHOWN_IMPORTS = 100
_AT_WORK = {ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING}
_BADGES = {
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
    ImportState.READY: "warn",
    ImportState.MAPPING: "warn",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that a column may be."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ColumnAsked:
    """A column of the file, and what it may be."""

    number: int
    name: str
    cells: str
    choices: list[Choice]


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT_LEADS)
def all_imports(request: HttpRequest) -> HttpResponseBase:
    """Every import, and a form for one more file."""
    problem = ""
    if request.method == "POST":
        try:
            return redirect("people:import", _begin(request).key)
        except (CannotBeDone, Unreadable) as refused:
            problem = refused.says(current_language())
    shown = Import.objects.select_related("by").defer("file")[:_SHOWN_IMPORTS]
    context = {
        "lines": [(row, _state(row), _BADGES.get(ImportState(row.state), "")) for row in shown],
        "problem": problem,
        "megabytes": LARGEST_FILE // 1_000_000,
        "most_rows": MOST_ROWS,
    }
    return render(request, "people/imports.html", context, status=400 if problem else 200)


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT_LEADS)
def one_import(request: HttpRequest, key: str) -> HttpResponseBase:
    """Where one import stands and what can be done about it; a form says what the columns are."""
    row = get_object_or_404(Import.objects.defer("file"), key=key)
    problem = ""
    if request.method == "POST":
        mapping = {
            column["name"]: request.POST.get(f"column-{number}", "")
            for number, column in enumerate(row.columns)
        }
        try:
            imports.map_columns(_user(request), row, mapping, now=datetime.now(UTC))
        except CannotBeDone as refused:
            problem, row.mapping = refused.says(current_language()), mapping
        else:
            return redirect("people:import", row.key)
    return render(
        request, "people/import.html", _about(row, problem), status=400 if problem else 200
    )


@require_POST
@requires(Right.IMPORT_LEADS)
def confirm(request: HttpRequest, key: str) -> HttpResponseBase:
    """Let the rows be written."""
    return _do(request, key, imports.confirm_import)


@require_POST
@requires(Right.IMPORT_LEADS)
def undo(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take everything back that the import wrote."""
    return _do(request, key, imports.undo_import)


@require_POST
@requires(Right.IMPORT_LEADS)
def discard(request: HttpRequest, key: str) -> HttpResponseBase:
    """Throw the file away."""
    row = get_object_or_404(Import.objects.defer("file"), key=key)
    try:
        imports.discard_import(_user(request), row, now=datetime.now(UTC))
    except CannotBeDone as refused:
        messages.error(request, refused.says(current_language()))
        return redirect("people:import", key)
    messages.success(request, say("people.import.discarded", current_language()))
    return redirect("people:imports")


@require_GET
@requires(Right.IMPORT_LEADS)
def rejects(_request: HttpRequest, key: str) -> HttpResponseBase:
    """What was not taken as it is, as a file: line, column, value, why."""
    row = get_object_or_404(Import.objects.defer("file"), key=key)
    lines = csv.writer(_Echo())
    response = StreamingHttpResponse(
        (lines.writerow(cells) for cells in _reject_cells(row)), content_type="text/csv"
    )
    response["Content-Disposition"] = f'attachment; filename="import-{row.key}.csv"'
    return response


class _Echo:
    """A file that hands back what is written, for rows to be streamed."""

    def write(self, text: str) -> str:
        return text


def _reject_cells(row: Import) -> Iterator[list[str]]:
    language = current_language()
    yield [say(f"people.import.{name}", language) for name in ("line", "column", "value", "why")]
    for reject in row.rejects.order_by("line", "id").iterator(chunk_size=2000):
        why = say(f"people.row.{reject.reason}", language)
        yield [str(reject.line), _plain_cell(reject.column), _plain_cell(reject.value), why]


def _plain_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _begin(request: HttpRequest) -> Import:
    given = request.FILES.get("file")
    if given is None:
        raise CannotBeDone(Impossible.NO_FILE)
    if (given.size or 0) > LARGEST_FILE:
        raise CannotBeDone(Impossible.LARGE_FILE, n=LARGEST_FILE // 1_000_000)
    name = str(given.name or "import.csv")
    return imports.begin_import(_user(request), name, given.read(), now=datetime.now(UTC))


def _do(request: HttpRequest, key: str, action: Callable[..., None]) -> HttpResponseBase:
    row = get_object_or_404(Import.objects.defer("file"), key=key)
    try:
        action(_user(request), row, now=datetime.now(UTC))
    except CannotBeDone as refused:
        messages.error(request, refused.says(current_language()))
    return redirect("people:import", key)


def _about(row: Import, problem: str) -> dict[str, Any]:
    state = ImportState(row.state)
    shown = ImportReject.objects.filter(of=row).order_by("line", "id")[:_SHOWN_REJECTS]
    total = row.accepted if state is not ImportState.CHECKING else 0
    language = current_language()
    return {
        "row": row,
        "state": _state(row),
        "badge": _BADGES.get(state, ""),
        "at_work": state in _AT_WORK,
        "may_map": state in {ImportState.MAPPING, ImportState.FAILED, ImportState.READY},
        "may_discard": state in {ImportState.MAPPING, ImportState.FAILED, ImportState.READY},
        "may_undo": state in {ImportState.RUNNING, ImportState.DONE},
        "counted": state not in {ImportState.MAPPING, ImportState.CHECKING, ImportState.FAILED},
        "total": total,
        "new": row.accepted - row.known,
        "columns": _columns(row),
        "examples": _examples(row),
        "rejects": [(r, say(f"people.row.{r.reason}", language)) for r in shown],
        "problem": problem or row.problem,
    }


def _columns(row: Import) -> list[ColumnAsked]:
    asked = []
    for number, column in enumerate(row.columns):
        chosen = row.mapping.get(column["name"], "")
        own = plain(column["name"])[:60]
        values = ["", *FIELDS, *([own] if own and own not in FIELDS else [])]
        if chosen not in values:
            values.append(chosen)
        choices = [Choice(value, _label(value), value == chosen) for value in values]
        asked.append(ColumnAsked(number, column["name"], " · ".join(column["cells"][:3]), choices))
    return asked


def _label(field: str) -> str:
    language = current_language()
    if not field:
        return say("people.import.left_out", language)
    if field in FIELDS:
        return say(f"people.field.{field}", language)
    return say("people.import.own_name", language, name=field)


def _examples(row: Import) -> tuple[list[str], list[list[str]]]:
    """The first rows as they will be read: the fields, then their cells row by row."""
    names = list(dict.fromkeys(name for example in row.examples for name in example["fields"]))
    cells = [[str(example["fields"].get(name, "")) for name in names] for example in row.examples]
    return [_label(name) for name in names], cells


def _state(row: Import) -> str:
    return say(f"people.import.state.{row.state}", current_language())


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
