"""The trail of what people did: looked through, and taken out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from passerelle.apps.accounts import queries
from passerelle.apps.accounts.forms import AuditForm
from passerelle.apps.accounts.models import AuditEntry
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.accounts.trail import record_deed
from passerelle.apps.accounts.wording import deed, here

PAGE = 50
_LARGEST = 2**63 - 1


@requires(Right.SEE_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The trail, newest first; the next page begins below the last entry of this one."""
    form = AuditForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    entries = queries.audit_trail(**chosen)
    if before := _number(request.GET.get("before", "")):
        entries = entries.filter(pk__lt=before)
    shown = list(entries[: PAGE + 1])
    rows = shown[:PAGE]
    names = queries.names_of_subjects(rows)
    kept = {name: value for name, value in request.GET.items() if value and name != "before"}
    context = {
        "form": form,
        "rows": [_row(entry, names) for entry in rows],
        "older": urlencode(kept | {"before": rows[-1].pk}) if len(shown) > PAGE else "",
        "kept": urlencode(kept),
        "is_filtered": bool(kept),
    }
    return render(request, "accounts/audit.html", context)


@requires(Right.SEE_AUDIT)
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The trail as CSV, as filtered; that it was taken out stands in it, too."""
    form = AuditForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    record_deed(signed_in(request), "audit.exported", now=timezone.now())
    response = StreamingHttpResponse(_lines(chosen), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _row(entry: AuditEntry, names: dict[str, str]) -> dict[str, Any]:
    return {
        "at": entry.at,
        "user": entry.user or here("accounts.audit.nobody"),
        "action": entry.action,
        "deed": deed(entry.action),
        "subject": entry.subject,
        "name": names.get(entry.subject, entry.subject),
        "details": json.dumps(entry.details, ensure_ascii=False) if entry.details else "",
    }


def _lines(chosen: dict[str, Any]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["id", "at", "user", "action", "subject", "details"])
    for entry in queries.audit_trail(**chosen).iterator(chunk_size=2000):
        details = json.dumps(entry.details, ensure_ascii=False)
        user = _plain(entry.user.email) if entry.user else ""
        at = entry.at.isoformat()
        yield writer.writerow([entry.pk, at, user, entry.action, _plain(entry.subject), details])


def _plain(text: str) -> str:
    # a spreadsheet would run what begins like a formula
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _number(text: str) -> int:
    return min(int(text), _LARGEST) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


class _Echo:
    """A file that gives back what is written: the writer of CSV wants one."""

    def write(self, line: str) -> str:
        return line
