"""The main navigation: what each role may open, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from passerelle.apps.accounts.rights import Right, may
from passerelle.apps.shell.language import current_language
from passerelle.words import say


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation leads to; `url` is the name of its address."""

    key: str
    url: str
    right: Right | None = None
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation as one reader sees it."""

    title: str
    url: str
    icon: str
    shortcut: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together."""

    title: str
    entries: tuple[Entry, ...]


PLACES: dict[str, tuple[Place, ...]] = {
    "work": (
        Place("home", "desk:home", Right.SEE_LEADS),
        Place("leads", "desk:leads", Right.SEE_LEADS, "l"),
        Place("companies", "desk:companies", Right.SEE_LEADS, "c"),
    ),
    "ground": (
        Place("agreement", "scoring:agreement", Right.SEE_AGREEMENT, "a"),
        Place("sources", "capture:sources", Right.SEE_SOURCES, "s"),
        Place("imports", "people:imports", Right.IMPORT_LEADS, "i"),
    ),
    "house": (
        Place("users", "accounts:users", Right.MANAGE_USERS, "u"),
        Place("privacy", "privacy:requests", Right.PRIVACY),
        Place("audit", "accounts:audit", Right.SEE_AUDIT),
    ),
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The groups that this reader may open, worked out only when a page shows them."""
    return {"navigation": SimpleLazyObject(lambda: tuple(_groups(request)))}


def _groups(request: HttpRequest) -> Iterator[Group]:
    language = current_language()
    for key, places in PLACES.items():
        entries = tuple(entry for place in places if (entry := _entry(request, place)))
        if entries:
            title = "" if key == "work" else say(f"desk.navigation.group.{key}", language)
            yield Group(title, entries)


def _entry(request: HttpRequest, place: Place) -> Entry | None:
    user = getattr(request, "user", None)
    if user is None or (place.right and not may(user, place.right)):
        return None
    try:
        url = reverse(place.url)
    except NoReverseMatch:
        return None
    here = request.path == url or (url != "/" and request.path.startswith(url))
    title = say(f"desk.navigation.{place.key}", current_language())
    return Entry(title, url, place.key, place.shortcut, here)
