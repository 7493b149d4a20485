"""Crowds of leads to load into a warehouse: the same each time, and wild all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.reading import read_agreement
from tests.core.rich import MARKETING, RARE, SALES

TICK = timedelta(microseconds=1)
STEPS = (
    timedelta(),
    TICK,
    timedelta(seconds=0.6),
    timedelta(minutes=5),
    timedelta(minutes=30) - TICK,
    timedelta(minutes=30),
    timedelta(hours=7),
    timedelta(days=1),
    timedelta(days=7) - TICK,
    timedelta(days=7),
    timedelta(days=20),
)
FIELDS = {
    "employees": (5.0, 60.0, 1000.0, None),
    "job_title": ("CEO", "Head of Émail\nand more", "head of", "trainee", "", None),
    "industry": ("software", "Bank", None),
    "source": ("ads", "organic", "ads", "customer_referral"),
    "email": ("a@acme.example", "a@acme.example", "a@eu.RIVAL.example", None),
    "newsletter": (True, False, None),
}

EDGES: Agreement = read_agreement("""
passerelle: 1
key: edges
timezone: Australia/Lord_Howe
fields: {employees: number, job_title: text, newsletter: boolean}
visits: {gap: 30m, events: [page]}
dimensions:
  fit: {range: [-50, 60], unscored: 7}
  engagement: {range: [0, 100]}
rules:
  - {key: role, dimension: fit, field: job_title, matches: ["head*é*more", trainee], points: 12}
  - {key: asked, dimension: fit, field: newsletter, is: true, points: 7}
  - {key: first, dimension: engagement, visit: {}, points: 2.5, limit: {times: 2, per: month}}
  - {key: long, dimension: engagement, visit: {lasts: 5m}, points: 7.25, cool_down: 30m}
  - {key: again, dimension: engagement, visit: {after: 2h, within: 8d}, points: 3, max: 30}
  - {key: some, dimension: engagement, event: "*", counts: {"2..4": 9, ">=5": 15}, window: 30d}
  - {key: days, dimension: engagement, points: 4, window: 90d, distinct: {of: day, at_least: 2}}
  - {key: papers, dimension: engagement, points: 6, distinct: {of: asset, at_least: 2}}
total: {sum: [fit, engagement]}
stages:
  mql: {when: {total: ">=25"}}
  won: {when: {event: accepted, fields: {newsletter: true}}}
fast_tracks: [{key: call, event: demo_requested, window: 7d}]
overrides:
  - {key: forced, event: vip_named, force: {fit: 55}}
  - {key: reset, event: complained, set: {engagement: 3}}
""")
"""What the rich agreement of the core's tests leaves out, in a zone that moves by half an hour."""


def a_crowd(until: datetime, *, size: int = 60) -> list[Lead]:
    """Leads whose events crowd at the edges of visits, gaps, cool-downs and midnights."""
    dice = Random(20_24)  # the same crowd each time
    return [_a_lead(dice, f"lead-{number:03}", until) for number in range(size)]


def _a_lead(dice: Random, key: str, until: datetime) -> Lead:
    at = until - timedelta(days=dice.choice((3, 30, 200)))
    events: list[Event] = []
    for number in range(dice.randrange(25)):
        at += dice.choice(STEPS)
        name, properties = dice.choice(MARKETING + MARKETING + SALES + RARE)
        late = dice.choice((None, None, timedelta(days=2)))
        texts = {n: str(value).lower() for n, value in properties.items()}
        received = None if late is None else at + late
        events.append(
            Event(name, at, id=f"{key}-{number:02}", properties=texts, received_at=received)
        )
    return Lead(key, {name: dice.choice(values) for name, values in FIELDS.items()}, events)
