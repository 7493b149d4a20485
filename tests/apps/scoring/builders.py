"""A published agreement, leads with things that happened to them, and who works with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import yaml

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.capture.actions import Name, NewEvent, record_events
from passerelle.apps.capture.models import Arrival, Subject, SubjectKind
from passerelle.apps.people.models import Lead, Tie, Touched
from passerelle.apps.scoring import actions, worker
from passerelle.apps.scoring.models import PublishedAgreement

NOW = datetime(2024, 6, 12, 10, tzinfo=UTC)
"""A Wednesday, noon in Paris."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

DOCUMENT: dict[str, Any] = {
    "passerelle": 1,
    "key": "trial",
    "title": "Trial",
    "timezone": "Europe/Paris",
    "fields": {"employees": "number"},
    "dimensions": {"fit": {"range": [-50, 50]}, "engagement": {"range": [0, 200]}},
    "groups": {"mail": {"dimension": "engagement", "max": 12}},
    "rules": [
        {"key": "size", "dimension": "fit", "field": "employees", "bands": {">=50": 20}},
        {"key": "page", "dimension": "engagement", "event": "page", "points": 30, "window": "10d"},
        {"key": "opened", "group": "mail", "event": "email_opened", "points": 5},
        {
            "key": "asset",
            "dimension": "engagement",
            "event": "download",
            "points": "7.7",
            "half_life": "3d",
        },
    ],
    "total": {"sum": ["fit", "engagement"], "range": [-50, 250]},
    "grades": {"fit": {"A": 20, "B": -50}, "engagement": {"1": 50, "2": 0}},
    "stages": {
        "mql": {"label": "MQL", "when": {"total": ">=50"}, "falls_below": 25},
        "hot": {"when": {"total": ">=100"}},
    },
    "fast_tracks": [{"key": "demo", "event": "demo_requested", "clock": "hot"}],
    "disqualify": [{"key": "stop", "event": "unsubscribed"}],
    "qualification": {"sql": {"requires": ["accepted"], "bant": ">=50"}},
    "handoff": {"clocks": {"hot": {"accept": "30m", "contact": "1h"}}},
    "recycle": {"after": {"bad_timing": "3d"}, "rearm": {"new_points": 10}},
}

_numbers = count(1)


def a_text(**parts: Any) -> str:
    """The text of the trial agreement, with other parts."""
    return yaml.safe_dump({**DOCUMENT, **parts}, sort_keys=False, allow_unicode=True)


def a_user(role: Role = Role.MANAGER, **fields: Any) -> User:
    """Somebody of that role who may sign in."""
    address = fields.pop("email", f"{role.value}-{next(_numbers)}@example.org")
    return User.objects.create_user(address, "pass", role=role, **fields)


def published(
    by: User | None = None, *, at: datetime = NOW - 30 * DAY, **parts: Any
) -> PublishedAgreement:
    """The trial agreement, in force."""
    return actions.publish(a_text(**parts), by or a_user(), now=at).published


def a_lead(*names: str, at: datetime = NOW, **fields: Any) -> Lead:
    """A lead to whom these things happened at `at`, and who is known by an address."""
    number = next(_numbers)
    email = f"lead-{number}@example.org"
    subject, _ = Subject.objects.get_or_create(kind=SubjectKind.EMAIL, value=email)
    lead = Lead.objects.create(
        key=f"lead-{number}", email=email, created_at=at - 40 * DAY, **fields
    )
    Tie.objects.create(lead=lead, subject=subject)
    happens(lead, *names, at=at)
    return lead


def happens(
    lead: Lead, *names: str, at: datetime = NOW, received_at: datetime | None = None, **said: Any
) -> None:
    """Things that happen to a lead, and that `people` has told of."""
    record_events(_events(lead, names, at, received_at or at, said))
    Arrival.objects.all().delete()
    touch(lead, at=received_at or at)


def touch(*leads: Lead, at: datetime = NOW) -> None:
    """News of leads."""
    Touched.objects.bulk_create(Touched(lead=lead, first_at=at, at=at) for lead in leads)


def identified(lead: Lead, *, at: datetime = NOW, **traits: Any) -> None:
    """A lead says who it is."""
    event = NewEvent(
        kind="identify",
        name="identified",
        message_id=f"m-{next(_numbers)}",
        subject=Name(SubjectKind.EMAIL, lead.email),
        occurred_at=at,
        received_at=at,
        properties=traits,
    )
    record_events([event])
    Arrival.objects.all().delete()
    touch(lead, at=at)


def work_off(now: datetime = NOW) -> int:
    """All that the live worker has to do."""
    done = 0
    while more := worker.work(now):
        done += more
    return done


def _events(
    lead: Lead, names: Iterable[str], at: datetime, received_at: datetime, said: dict[str, Any]
) -> list[NewEvent]:
    return [
        NewEvent(
            kind="page" if name == "page" else "track",
            name=name,
            message_id=f"m-{next(_numbers)}",
            subject=Name(SubjectKind.EMAIL, lead.email),
            occurred_at=at,
            received_at=received_at,
            properties=said,
        )
        for name in names
    ]
