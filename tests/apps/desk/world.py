"""A small company's leads, told as events and taken in by the workers, as in the service."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from passerelle.apps.accounts.models import User
from passerelle.apps.capture.actions import Name, NewEvent, record_events
from passerelle.apps.capture.models import EventKind, Source, SubjectKind
from passerelle.apps.people import worker as people
from passerelle.apps.people.models import Lead
from passerelle.apps.scoring import worker as scoring
from passerelle.apps.scoring.actions import publish
from tests.outside import CHECKOUT

_messages = count(1)

FIRST = ("Camille", "Léa", "Hugo", "Inès", "Jules", "Manon", "Louis", "Chloé", "Nathan", "Zoé")
LAST = ("Roux", "Petit", "Moreau", "Fournier", "Girard", "Lambert", "Bonnet", "Rousseau")
COMPANIES = ("Carrières Dufour", "Ascenseurs du Rhône", "Clim’Ouest", "Énergie & Toits")
TRADES = ("construction", "services", "health", "bank")
PAGES = ("/blog/planning", "/product", "/pricing", "/customers/dufour", "/compare/excel", "/jobs")


def publish_demo(by: User | None, *, now: datetime) -> None:
    """Put the demo company's agreement in force."""
    text = Path(CHECKOUT, "agreements", "demo.yaml").read_text("utf-8")
    publish(text, by, now=now)


def happened(
    who: str, what: str, /, *, at: datetime, kind: str = EventKind.TRACK, **properties: Any
) -> NewEvent:
    """Something that somebody known by an address did."""
    return NewEvent(
        kind=kind,
        name=what,
        message_id=f"m{next(_messages)}",
        subject=Name(SubjectKind.EMAIL, who),
        occurred_at=at,
        received_at=properties.pop("received_at", at),
        source_id=properties.pop("source_id", None),
        properties=properties,
    )


def identified(email: str, *, at: datetime, **traits: Any) -> NewEvent:
    """Somebody said who they are."""
    return happened(email, "identified", at=at, kind=EventKind.IDENTIFY, email=email, **traits)


def seen(email: str, path: str, *, at: datetime, **more: Any) -> NewEvent:
    """Somebody saw a page."""
    return happened(email, "page", at=at, kind=EventKind.PAGE, path=path, **more)


def take_in(*, now: datetime) -> None:
    """Let the workers do all that is to be done."""
    while people.work(now):
        pass
    while scoring.work(now):
        pass


def a_small_company(*, now: datetime, leads: int = 30, seed: int = 5) -> list[Lead]:
    """Leads of four companies with two months behind them; an agreement must be in force."""
    source = Source.objects.create(key="site", name="Site", created_at=now - timedelta(days=70))
    record_events(_life(random.Random(seed), now, leads, source.pk))
    take_in(now=now)
    return list(Lead.objects.order_by("id"))


def _life(draw: random.Random, now: datetime, leads: int, source_id: int) -> Iterator[NewEvent]:
    for n in range(leads):
        first, last = draw.choice(FIRST), draw.choice(LAST)
        company = draw.randrange(len(COMPANIES))
        email = f"{first}.{last}{n}@company{company}.fr".lower()
        known = now - timedelta(days=draw.uniform(2, 60))
        yield identified(
            email,
            at=known,
            source_id=source_id,
            first_name=first,
            last_name=last,
            company=COMPANIES[company],
            industry=draw.choice(TRADES),
            employees=draw.choice((8, 60, 300)),
            seniority=draw.choice(("director", "manager", "individual", "c_level")),
            country="FR",
        )
        yield happened(email, "form_submitted", at=known, source_id=source_id, form="guide")
        for _ in range(draw.randrange(1, 14)):
            at = known + (now - known) * draw.random()
            yield seen(email, draw.choice(PAGES), at=at, source_id=source_id)
        if draw.random() < 0.25:
            at = known + (now - known) * draw.random()
            yield happened(email, "demo_requested", at=at, source_id=source_id)
        if draw.random() < 0.4:
            at = known + (now - known) * draw.random()
            yield happened(email, "download", at=at, source_id=source_id, asset="ebook-sav")
