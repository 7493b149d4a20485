"""Pages on which one sees events come in, and what becomes of those that do not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.capture.models import Event, EventKind, Source
from passerelle.apps.capture.overview import drop_lines, known_reason, watched_events

_KINDS = tuple(EventKind.values)
_ROBOTS = ("none", "only")


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as a row of the table: the few details that say most, and all of it to open."""

    event: Event
    gist: str
    whole: str


@require_GET
@requires(Right.SEE_SOURCES)
def events(request: HttpRequest, key: str = "") -> HttpResponse:
    """The newest events, of one source or of all; htmx asks for the rows alone."""
    source = get_object_or_404(Source, key=key) if key else None
    kind = _one_of(request.GET.get("kind"), _KINDS)
    robots = _one_of(request.GET.get("robots"), _ROBOTS)
    name = request.GET.get("name", "").strip()[:120]
    found = watched_events(source, kind=kind, robots=robots, name=name)
    context = {
        "source": source,
        "rows": [Shown(event, _gist(event.properties), _whole(event)) for event in found],
        "kinds": _KINDS,
        "kind": kind,
        "robots": robots,
        "name": name,
        "paused": "paused" in request.GET,
        "filtered": bool(kind or robots or name),
        "may_change": may(request.user, Right.CHANGE_SOURCES),
        "now": datetime.now(UTC),
    }
    part = request.headers.get("HX-Request") == "true" and "rows" in request.GET
    return render(request, f"capture/{'event_rows' if part else 'events'}.html", context)


@require_GET
@requires(Right.SEE_SOURCES)
def drops(request: HttpRequest, key: str = "") -> HttpResponse:
    """What was dropped of a source, or with no known key; why, and what to do about it."""
    source = get_object_or_404(Source, key=key) if key else None
    lines = drop_lines(source, now=datetime.now(UTC))
    context = {
        "source": source,
        "lines": [line for line in lines if known_reason(line.reason)],
        "may_change": may(request.user, Right.CHANGE_SOURCES),
    }
    return render(request, "capture/drops.html", context)


def _one_of(given: str | None, known: tuple[str, ...]) -> str:
    return given if given in known else ""


def _gist(properties: Mapping[str, Any]) -> str:
    telling = [properties.get(name) for name in ("path", "email", "title", "name")]
    plain = [str(value) for value in telling if isinstance(value, str | int | float) and value]
    if not plain:
        scalars = (f"{k}: {v}" for k, v in properties.items() if isinstance(v, str | int | float))
        plain = [text for text, _ in zip(scalars, range(3), strict=False)]
    return " · ".join(plain)[:120]


def _whole(event: Event) -> str:
    parts = {"properties": event.properties, "context": event.context}
    return json.dumps(parts, indent=2, ensure_ascii=False, sort_keys=True)[:6000]
