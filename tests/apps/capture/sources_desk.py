"""Sources, events and people who look at them, for the tests of the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.capture.actions import Name, NewEvent, create_source, record_events
from passerelle.apps.capture.models import Source

_numbers = count(1)


def just_now() -> datetime:
    """The pages read the clock, so what they show has to be of today."""
    return datetime.now(UTC)


def a_user(role: str = Role.MARKETING, **fields: Any) -> User:
    """Somebody who may sign in."""
    return User.objects.create_user(f"reader{next(_numbers)}@firm.example", role=role, **fields)


def signed_in(role: str = Role.MARKETING, *, language: str = "en") -> Client:
    """A browser in which somebody of that role is signed in and reads that language."""
    client = Client(headers={"accept-language": language})
    client.force_login(a_user(role, language=language))
    return client


def a_source(name: str = "Web site", **fields: Any) -> Source:
    """A source with its first key."""
    return create_source(name, by=None, now=just_now() - timedelta(days=20), **fields)


def an_event(source: Source, name: str = "page", **fields: Any) -> NewEvent:
    """Something that a visitor did a minute ago."""
    now = just_now()
    fields.setdefault("kind", "page" if name == "page" else "track")
    fields.setdefault("subject", Name("device", f"device-{next(_numbers)}"))
    fields.setdefault("message_id", f"message-{next(_numbers)}")
    fields.setdefault("occurred_at", now - timedelta(minutes=1))
    fields.setdefault("received_at", now)
    return NewEvent(name=name, source_id=source.pk, **fields)


def happened(*events: NewEvent) -> None:
    """Put events into the log."""
    record_events(events)
