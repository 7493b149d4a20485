"""Somebody with everything that can be held of a person, for tests about privacy."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from passerelle.apps.capture.actions import Name, NewEvent, create_source, record_events
from passerelle.apps.capture.models import EventKind, Source, SubjectKind
from passerelle.apps.people import actions
from passerelle.apps.people import worker as people
from passerelle.apps.people.models import Lead
from passerelle.apps.scoring.models import PublishedAgreement, Score, StageDecision, Transition
from tests.apps.accounts.desk import a_user
from tests.outside import CHECKOUT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EMAIL, NAME, PHONE = "jeanne.moreau@studio.example", "Jeanne Moreau", "+33 6 12 34 56 78"
TRACES = (EMAIL, "Moreau", "12 34 56 78", "crm-4711", "device-of-jeanne", "tea with milk")


def a_source() -> Source:
    return Source.objects.first() or create_source("Site", by=None, now=NOW)


def an_event(
    name: str,
    *,
    kind: EventKind = EventKind.TRACK,
    subject: Name,
    device: str = "",
    at: datetime = NOW,
    **parts: Any,
) -> NewEvent:
    return NewEvent(
        kind=kind,
        name=name,
        message_id=uuid.uuid4().hex,
        subject=subject,
        device=Name(kind=SubjectKind.DEVICE, value=device) if device else None,
        occurred_at=at,
        received_at=at,
        source_id=a_source().pk,
        **parts,
    )


def happened(*events: NewEvent) -> None:
    record_events(events)
    while people.work(NOW):
        pass


def user(value: str) -> Name:
    return Name(kind=SubjectKind.USER, value=value)


def device(value: str) -> Name:
    return Name(kind=SubjectKind.DEVICE, value=value)


def email(value: str) -> Name:
    return Name(kind=SubjectKind.EMAIL, value=value)


def identify(who: Name, on: str = "", at: datetime = NOW, **traits: Any) -> NewEvent:
    return an_event(
        "identified", kind=EventKind.IDENTIFY, subject=who, device=on, at=at, properties=traits
    )


def page_view(who: Name, path: str, at: datetime = NOW, on: str = "") -> NewEvent:
    return an_event(
        "page", kind=EventKind.PAGE, subject=who, device=on, at=at, properties={"path": path}
    )


def jeanne() -> Lead:
    """Jeanne, with visits, fields, a note, a tag, a score, moves, and a decision about her."""
    seller = a_user(name="Marc")
    hour = timedelta(hours=1)
    happened(
        page_view(device("device-of-jeanne"), "/before-she-said-who-she-is", NOW - 5 * hour),
        identify(
            user("crm-4711"),
            "device-of-jeanne",
            NOW - 4 * hour,
            email=EMAIL,
            name=NAME,
            phone=PHONE,
            company="Studio Moreau",
        ),
        page_view(user("crm-4711"), f"/welcome?who={EMAIL}", NOW - 3 * hour, "device-of-jeanne"),
        an_event(
            "consent_given",
            subject=user("crm-4711"),
            at=NOW - 2 * hour,
            properties={"channel": "email", "wording": "Send me news", "place": "/newsletter"},
            context={"ip": "198.51.100.77"},
        ),
    )
    lead = Lead.objects.get(email=EMAIL)
    actions.add_note(seller, lead, "Jeanne likes tea with milk", now=NOW)
    actions.tag(seller, [lead], "cinema", now=NOW)
    agreement = PublishedAgreement.objects.create(
        version="v1",
        text=(CHECKOUT / "agreements" / "demo.yaml").read_text("utf-8"),
        published_at=NOW,
    )
    Score.objects.create(
        lead=lead, agreement=agreement, as_of=NOW, total=42, stage="lead", stage_since=NOW,
        worths={"said": {"reasons": [f"wrote {EMAIL}"]}},
    )  # fmt: skip
    Transition.objects.create(
        lead=lead, number=1, from_stage="", to_stage="lead", cause="score",
        evidence={"because": NAME}, at=NOW, decided_at=NOW, agreement=agreement, total=42,
    )  # fmt: skip
    StageDecision.objects.create(lead=lead, stage="mql", reason=f"{NAME} called", by=seller, at=NOW)
    return lead


def tables_with(*traces: str) -> set[str]:
    """The tables of the database in some row of which one of these texts stands."""
    found = set()
    for table in _tables():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = " ".join(_text(cell) for cell in row).casefold()
                if any(trace.casefold() in text for trace in traces):
                    found.add(table)
    return found


def files_with(folder: Path, *traces: str) -> set[str]:
    """The files below a folder in which one of these texts stands, read as bytes."""
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(trace.encode() in path.read_bytes() for trace in traces)
    }


def models_with_leads() -> Iterator[type[Model]]:
    for model in apps.get_models():
        if any(getattr(column, "related_model", None) is Lead for column in model._meta.fields):
            yield model


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _text(cell: object) -> str:
    return (
        bytes(cell).decode("utf-8", "replace")
        if isinstance(cell, bytes | memoryview)
        else str(cell)
    )
