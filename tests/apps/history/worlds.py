"""Random logs with every edge that reading them back could stumble over."""

import random
from datetime import timedelta
from typing import Any

from passerelle.apps.capture.actions import Name, NewEvent
from passerelle.apps.capture.models import Subject
from passerelle.apps.people.models import Lead, Tie
from tests.apps.history.log import NOW, a_source

PATHS = ["/pricing", "/blog/a", "/customers/x", "/Pricing/É", "", None, 12, True]
NAMES = ["demo_requested", "form_submitted", "email_opened", "email_clicked", "webinar_attended"]
TRAITS: dict[str, list[Any]] = {
    "employees": [5, 40, 300.5, " 25 ", "many", None, "1e3", True],
    "employee_count": [7, 70],
    "title": ["Étudiant", "CEO", ""],
    "seniority": ["c_level", "intern", None],
    "industry": ["health", "Software"],
    "company": [{"name": "Acme", "industry": "bank"}, "Plain", {"name": None}],
    "Industry": ["retail"],
    "email": ["a@b.example", ""],
    "source": ["ads", "customer_referral"],
    "firstName": ["Ada"],
    "list": [[1, 2]],
}


def random_events(seed: int, *, count: int, start: int = 0) -> list[NewEvent]:
    """Events of a dozen subjects over a year, edges on purpose."""
    draw = random.Random(f"{seed} {start}")  # no secret
    sources = [a_source("site").pk, a_source("app").pk, None]
    return [_event(draw, number, sources) for number in range(start, start + count)]


def random_ties(seed: int) -> None:
    """Leads to whom the subjects belong for good, for a while, one after the other, or never."""
    draw = random.Random(seed)  # no secret
    leads = [Lead.objects.create(key=f"k{n}", created_at=NOW) for n in range(8)]
    merged = Lead.objects.create(key="merged", created_at=NOW, merged_into=leads[0])
    for subject in Subject.objects.order_by("pk"):
        lead, other = draw.sample(leads, 2)
        border = NOW - timedelta(days=draw.choice([0, 3, 30, 100]))
        match draw.randrange(5):
            case 0:
                Tie.objects.create(lead=lead, subject=subject)
            case 1:
                Tie.objects.create(lead=lead, subject=subject, until=border)
                Tie.objects.create(lead=other, subject=subject, since=border)
            case 2:
                Tie.objects.create(lead=lead, subject=subject, since=border)
            case 3:
                Tie.objects.create(lead=merged, subject=subject)


def _event(draw: random.Random, number: int, sources: list[int | None]) -> NewEvent:
    kind = draw.choice(["page", "page", "track", "identify", "group", "screen", "act"])
    at = NOW - timedelta(days=draw.choice([0, 1, 3, 30, 99, 300]), microseconds=draw.randrange(3))
    names = {"page": "page", "identify": "identified", "group": "grouped", "screen": "screen"}
    subject = draw.randrange(12)
    return NewEvent(
        kind=kind,
        name=names.get(kind) or draw.choice(NAMES),
        message_id=f"m{number}",
        subject=Name(("device", "user", "email")[subject % 3], f"s{subject}"),
        occurred_at=at,
        received_at=at + timedelta(seconds=draw.choice([0, 1, 86_400 * 5])),
        source_id=draw.choice(sources),
        robot=draw.choice(["", "", "", "", "bot"]),
        properties=_traits(draw) if kind in {"identify", "group"} else _properties(draw),
    )


def _properties(draw: random.Random) -> dict[str, Any]:
    said = {
        "path": draw.choice(PATHS),
        "asset": draw.choice(["livre-blanc", "x", "", None]),
        "value": draw.choice([1, "2", None]),
        "seconds": draw.choice([10, 200.5, "300", "long", False]),
        "deep": {"er": draw.choice(["a", {"est": 1}, []])},
    }
    return {name: value for name, value in said.items() if draw.random() < 0.7}


def _traits(draw: random.Random) -> dict[str, Any]:
    return {name: draw.choice(of) for name, of in TRAITS.items() if draw.random() < 0.4}
