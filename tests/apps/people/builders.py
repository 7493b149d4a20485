"""A log to write into, and what became of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.capture.actions import Name, NewEvent, record_events
from passerelle.apps.capture.models import Subject
from passerelle.apps.people.models import Claim, Lead, Refusal, Tie
from passerelle.apps.people.worker import work

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
T0 = datetime(2026, 3, 1, 9, tzinfo=UTC)
_numbers = count()


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def a_user(role: Role = Role.MARKETING, email: str = "mia@firm.example") -> User:
    return User.objects.create_user(email, "pass", role=role, created_at=NOW)


def an_event(
    minute: float,
    kind: str = "page",
    *,
    user: str = "",
    email: str = "",
    device: str = "",
    name: str = "",
    message: str = "",
    properties: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    robot: str = "",
) -> NewEvent:
    """An event as the collector writes it: its subject is the most telling name it gives."""
    names = [("user", user), ("email", email), ("device", device)]
    subject = next(Name(kind=k, value=v) for k, v in names if v)
    beside = Name(kind="device", value=device) if device and subject.kind != "device" else None
    return NewEvent(
        kind=kind,
        name=name or {"identify": "identified", "group": "grouped"}.get(kind, kind),
        message_id=message or f"m{next(_numbers):06d}",
        subject=subject,
        device=beside,
        occurred_at=at(minute),
        received_at=at(minute),
        robot=robot,
        properties=properties or {},
        context=context or {},
    )


def identify(minute: float, *, device: str = "", user: str = "", **traits: Any) -> NewEvent:
    email = "" if user else str(traits.get("email", ""))
    return an_event(minute, "identify", user=user, email=email, device=device, properties=traits)


def take_in(*events: NewEvent, together: bool = True) -> None:
    """Record the events, at once or one after the other, and let the worker finish."""
    for batch in [events] if together else [[event] for event in events]:
        record_events(batch)
        finish()


def finish(now: datetime = NOW) -> None:
    while work(now):
        pass


def lead_of(kind: str, value: str, minute: float = 10_000) -> Lead | None:
    """Whose the subject is at that minute."""
    moment = at(minute)
    for tie in Tie.objects.filter(subject__kind=kind, subject__value=value):
        if (tie.since is None or tie.since <= moment) and (tie.until is None or moment < tie.until):
            return tie.lead
    return None


def the_lead(kind: str, value: str, minute: float = 10_000) -> Lead:
    found = lead_of(kind, value, minute)
    assert found is not None
    return found


def ties() -> set[tuple[str, str, datetime | None, datetime | None]]:
    return {
        (tie.lead.key, str(tie.subject.value), tie.since, tie.until)
        for tie in Tie.objects.select_related("lead", "subject")
    }


def refusals() -> set[tuple[str, str, str, datetime]]:
    return {
        (r.first.value, r.second.value if r.second else "", r.reason, r.at)
        for r in Refusal.objects.select_related("first", "second")
    }


def everything() -> dict[str, Any]:
    """All that is worked out about people, without ids."""
    names = {subject.pk: subject.value for subject in Subject.objects.all()}
    return {
        "ties": ties(),
        "refusals": refusals(),
        "leads": {
            (lead.key, lead.name, lead.email, lead.source, lead.created_at, lead.last_seen_at,
             lead.is_prospect, lead.company and lead.company.key, str(sorted(lead.fields.items())),
             str(lead.first_touch), str(lead.last_touch))
            for lead in Lead.objects.filter(merged_into=None).select_related("company")
        },
        "claims": {
            (c.kind, c.at, c.message, names[c.first_id], names.get(c.second_id or 0))
            for c in Claim.objects.all()
        },
    }  # fmt: skip
