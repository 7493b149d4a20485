"""A small company whose leads are scored and reported on, and a reader of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import yaml

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.reading import read_agreement
from passerelle.relations.duck import connect, score_all
from passerelle.report.writing import write_report
from passerelle.report.gathering import Numbers, gather
from passerelle.words import Language
from tests.parity.tables import fill

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

DOCUMENT: Mapping[str, Any] = {
    "passerelle": 1,
    "key": "office",
    "title": "The office",
    "timezone": "Europe/Paris",
    "fields": {
        "job_title": "text",
        "employees": "number",
        "industry": {"one_of": ["software", "retail"]},
    },
    "content": [
        {"path": "/pricing*", "kind": "pricing", "phase": "decision"},
        {"path": "/blog/*", "kind": "article", "phase": "awareness"},
    ],
    "dimensions": {"fit": {"weight": 0.4}, "engagement": {"weight": 0.6}},
    "groups": {"email": {"dimension": "engagement", "max": 4}},
    "rules": [
        {"key": "size", "dimension": "fit", "field": "employees", "bands": {"50..499": 50}},
        {"key": "boss", "dimension": "fit", "field": "job_title", "matches": ["ceo"], "points": 30},
        {
            "key": "pricing",
            "dimension": "engagement",
            "event": "page",
            "where": {"kind": "pricing"},
            "points": 15,
            "half_life": "30d",
            "max": 40,
        },
        {"key": "clicked", "group": "email", "event": "email_clicked", "points": 3},
        {"key": "left", "dimension": "engagement", "event": "email_unsubscribed", "points": -20},
    ],
    "total": {"weighted": ["fit", "engagement"]},
    "grades": {"fit": {"A": 50, "B": 0}, "engagement": {"1": 30, "2": 0}},
    "stages": {
        "mql": {"label": "MQL", "when": {"total": ">=30"}, "falls_below": 20},
    },
    "fast_tracks": [{"key": "asked", "event": "demo_requested", "to": "handoff"}],
    "disqualify": [{"key": "rival", "field": "email", "domain_in": ["rival.example"]}],
}


def an_agreement(**parts: Any) -> Agreement:
    """The office's agreement with some parts changed; a part set to None is left out."""
    document = {**DOCUMENT, **parts}
    written = {key: part for key, part in document.items() if part is not None}
    return read_agreement(yaml.safe_dump(written, allow_unicode=True, sort_keys=False))


def an_event(name: str, *, days: float = 0, **properties: Any) -> Event:
    """Something that happened so many days before now."""
    return Event(name, NOW - timedelta(days=days), properties=properties)


def a_lead(key: str, *events: Event, **fields: Any) -> Lead:
    """A lead with its fields and log."""
    return Lead(key, fields, events)


SOME = (
    a_lead(
        "ann",
        *(an_event("page", days=day, path="/pricing") for day in (1, 9, 20)),
        first_name="Ann",
        last_name="Lee",
        company="Acme",
        email="ann@acme.example",
        job_title="CEO",
        employees=120,
        industry="software",
    ),
    a_lead("bob", an_event("page", days=2, path="/blog/a"), employees=80, industry="Software"),
    a_lead("cid", *(an_event("email_clicked", days=day) for day in (3, 4)), industry="mining"),
    a_lead("dan", an_event("demo_requested", days=5), job_title="clerk"),
    a_lead("eve", email="eve@rival.example", employees=60),
)


@dataclass
class Office:
    """Scored leads in a connection."""

    agreement: Agreement
    connection: duckdb.DuckDBPyConnection

    def numbers(self, *, top: int = 25, language: Language = "en") -> Numbers:
        """Everything the report would show."""
        return gather(
            self.connection,
            self.agreement,
            scored="scored",
            as_of=NOW,
            top=top,
            language=language,
        )

    def page(self, path: Path, *, language: Language = "en", top: int = 25) -> "Page":
        """The report written to `path`, read again."""
        write_report(
            self.connection,
            self.agreement,
            scored="scored",
            path=path,
            language=language,
            as_of=NOW,
            top=top,
        )
        return read_page(path)


def an_office(leads: Iterable[Lead] = SOME, *, agreement: Agreement | None = None) -> Office:
    """The leads scored by the agreement."""
    agreement = agreement or an_agreement()
    connection = connect(threads=1)
    fill(connection, agreement, leads)
    score_all(connection, agreement, as_of=NOW).create("scored")
    return Office(agreement, connection)


@dataclass
class Page(HTMLParser):
    """What stands on a page: its elements with their attributes, and its text."""

    source: str = ""
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    within: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep what a person would read."""
        if "style" not in self.within:
            self.text += data

    def tags(self) -> set[str]:
        """The names of all elements."""
        return {tag for tag, _ in self.elements}

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def read_page(path: Path) -> Page:
    """The page in that file."""
    return Page(path.read_text("utf-8"))
