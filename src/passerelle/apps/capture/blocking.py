"""Whom nothing may be recorded of: they were erased, and are known by keyed hashes alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence

from django.conf import settings

from passerelle.apps.capture.models import BlockedIdentity, SubjectKind
from passerelle.apps.capture.values import Name, NewEvent


def identity_digest(name: Name) -> str:
    """A name as it stands among the blocked: a hash under the installation's secret."""
    text = f"{name.kind}:{name.value}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


def free_of_blocked(events: Sequence[NewEvent]) -> tuple[list[NewEvent], list[NewEvent]]:
    """The events that may be recorded, and those that name somebody who is blocked."""
    if not events or not BlockedIdentity.objects.exists():
        return list(events), []
    digests = {name: identity_digest(name) for event in events for name in names_of(event)}
    asked = BlockedIdentity.objects.filter(digest__in=set(digests.values()))
    blocked = set(asked.values_list("digest", flat=True))
    free: list[NewEvent] = []
    refused: list[NewEvent] = []
    for event in events:
        is_blocked = any(digests[name] in blocked for name in names_of(event))
        (refused if is_blocked else free).append(event)
    return free, refused


def names_of(event: NewEvent) -> Iterator[Name]:
    """Every name an event gives somebody: its subject, its device, and addresses in its traits."""
    yield event.subject
    if event.device:
        yield event.device
    for said in (event.properties, event.context.get("traits")):
        email = said.get("email") if isinstance(said, dict) else None
        if isinstance(email, str) and "@" in email:
            yield Name(kind=SubjectKind.EMAIL, value=email.strip().lower()[:255])
