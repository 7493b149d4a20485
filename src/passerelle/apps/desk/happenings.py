"""What happened to a lead, the newest first: events, moves, notes, decisions by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from passerelle.apps.capture.models import Event, EventKind, Robot
from passerelle.apps.people.models import Lead, Note
from passerelle.apps.people.queries import DURING_TIE
from passerelle.apps.scoring.models import Transition

Kind = Literal["event", "move", "note"]
KINDS: tuple[Kind, ...] = ("event", "move", "note")
PAGE = 40
_MOST_AT_ONCE = 2000
_LATE = timedelta(days=1)
_TOLD = ("path", "title", "url", "asset", "form", "subject", "campaign", "reason", "criterion")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; `thing` is the row of its kind."""

    at: datetime
    kind: Kind
    thing: Any

    @property
    def icon(self) -> str:
        """The drawing beside it."""
        if self.kind != "event":
            return "up" if self.kind == "move" else "note"
        if self.thing.name.startswith("email_"):
            return "mail"
        if self.thing.kind in {EventKind.PAGE, EventKind.SCREEN}:
            return "page"
        return "field" if self.thing.kind in {EventKind.IDENTIFY, EventKind.GROUP} else "act"

    @property
    def details(self) -> list[tuple[str, str]]:
        """The few properties of an event that say most."""
        return list(_details(self.thing.properties)) if self.kind == "event" else []

    @property
    def was_late(self) -> bool:
        """Whether an event arrived a day or more after it happened."""
        return self.kind == "event" and self.thing.received_at - self.at >= _LATE


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of what happened, and the instant before which there is more."""

    happenings: tuple[Happening, ...]
    before: datetime | None


def happenings_of(
    lead: Lead, *, before: datetime | None = None, only: Kind | None = None, most: int = PAGE
) -> Stretch:
    """The last things that happened, or those before an instant."""
    found: list[Happening] = []
    if only in {None, "event"}:
        found += (Happening(row.occurred_at, "event", row) for row in _events(lead, before, most))
    if only in {None, "move"}:
        moves = Transition.objects.filter(lead=lead).select_related("by")
        moves = moves.filter(at__lt=before) if before else moves
        found += (Happening(row.at, "move", row) for row in moves.order_by("-number")[: most + 1])
    if only in {None, "note"}:
        notes = Note.objects.filter(lead=lead).select_related("author")
        notes = notes.filter(at__lt=before) if before else notes
        found += (Happening(row.at, "note", row) for row in notes.order_by("-at")[: most + 1])
    found.sort(key=lambda one: one.at, reverse=True)
    if len(found) <= most:
        return Stretch(tuple(found), None)
    # what happened at one instant is never torn apart, for the next stretch begins before it
    shown = [one for one in found[:most] if one.at > found[most].at]
    if not shown and most < _MOST_AT_ONCE:
        return happenings_of(lead, before=before, only=only, most=most * 8)
    shown = shown or found
    return Stretch(tuple(shown), shown[-1].at)


def _events(lead: Lead, before: datetime | None, most: int) -> list[Event]:
    rows = Event.objects.filter(DURING_TIE, subject__ties__lead=lead, robot=Robot.NONE)
    rows = rows.filter(occurred_at__lt=before) if before else rows
    return list(rows.order_by("-occurred_at", "-id")[: most + 1])


def _details(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    named = [name for name in _TOLD if isinstance(properties.get(name), str | int | float)]
    if "path" in named or "title" in named:
        named = [name for name in named if name != "url"]
    others = [name for name in properties if name not in _TOLD and name not in _HIDDEN]
    for name in [*named, *others][:3]:
        value = properties[name]
        if isinstance(value, str | int | float) and value != "":
            yield name, str(value)[:120]


_HIDDEN = frozenset({"referrer", "search", "hash", "ip", "userAgent"})
