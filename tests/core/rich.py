"""One agreement with something of everything, and leads as wild as they come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value
from passerelle.core.history import Event, Lead
from passerelle.core.reading import read_agreement

NOW = datetime(2026, 3, 16, 10, tzinfo=UTC)
"""A Monday, two weeks before the clocks of Paris go forward."""

TEXT = """
passerelle: 1
key: rich
language: fr
timezone: Europe/Paris
fields:
  job_title: text
  employees: number
  industry: {one_of: [software, retail, bank]}
  source: {one_of: [organic, ads, customer_referral]}
content:
  - {path: /pricing*, kind: pricing, phase: decision}
  - {path: /customers/*, kind: case_study, phase: decision}
  - {asset: ebook-*, kind: ebook, phase: awareness}
dimensions:
  fit: {range: [0, 100], weight: 0.4}
  engagement: {range: [0, 100], weight: 0.6}
groups:
  email: {dimension: engagement, max: 10, min: -20}
rules:
  - {key: size, dimension: fit, field: employees, bands: {"<10": -20, "50..499": 25, ">=500": 40}}
  - {key: role, dimension: fit, field: job_title, matches: [ceo, head of *], points: 40,
     title: Décideur}
  - {key: branch, dimension: fit, field: industry, values: {software: 20, bank: 10}}
  - {key: pricing, dimension: engagement, event: page, where: {kind: pricing}, points: 15,
     half_life: 30d, max: 40, title: Page tarifs vue}
  - {key: clicked, group: email, event: email_clicked, points: 3,
     linear_decay: {percent: 40, per: 1mo}}
  - {key: opened, group: email, event: email_opened, points: 1, limit: {points: 2, per: week}}
  - {key: bounced, group: email, event: email_bounced, points: -20, expires: 60d}
  - {key: ebook, dimension: engagement, event: form_submitted, where: {phase: awareness},
     first_only: asset, points: 8, window: 180d}
  - {key: webinar, dimension: engagement, event: webinar_attended, points: 12, cool_down: 7d,
     step_decay: {percent: 30, every: 1w}}
  - {key: returns, dimension: engagement, window: 60d, points: 15,
     distinct: {of: visit, at_least: 3, where: {phase: decision}}}
  - {key: fast, dimension: engagement, points: 20, expires: 30d,
     velocity: {events: [form_submitted, download], at_least: 3, within: 3d}}
  - {key: back, dimension: engagement, visit: {after: 7d}, points: 4, window: 90d}
  - {key: silent, dimension: engagement, inactive: {for: 30d, every: 30d}, points: -10}
total: {weighted: [fit, engagement], range: [0, 100]}
grades: {fit: {A: 50, B: 0}, engagement: {"1": 50, "2": 0}}
stages:
  engaged: {label: Engagé, when: {engagement: ">0"}}
  mql: {label: MQL, when: {total: ">=30", fit: ">=20"}, falls_below: {total: 20}}
  hot: {when: {total: ">60"}}
fast_tracks:
  - {key: hand_raise, event: [demo_requested, quote_requested], window: 45d}
  - {key: recommended, field: source, one_of: [customer_referral], to: hot}
disqualify:
  - {key: rival, field: email, domain_in: [rival.example]}
  - {key: complained, event: complained, window: 30d, title: S’est plaint}
overrides:
  - {key: vip, event: vip_named, floor: 65, window: 20d, title: Compte clé}
  - {key: paused, event: paused, freeze: true, until: resumed}
qualification:
  bant: {evidence_expires: 180d}
  sql: {requires: [accepted, meeting_booked], bant: ">=75"}
recycle:
  after: {bad_timing: 90d, no_budget: 180d}
  rearm: {new_points: 10}
"""

RICH = read_agreement(TEXT)

Case = tuple[str, dict[str, Value]]

MARKETING: list[Case] = [
    ("page", {"path": "/pricing"}),
    ("page", {"path": "/customers/acme"}),
    ("page", {"path": "/"}),
    ("email_clicked", {}),
    ("email_opened", {}),
    ("email_bounced", {}),
    ("form_submitted", {"asset": "ebook-seo"}),
    ("form_submitted", {"asset": "ebook-ads"}),
    ("download", {"asset": "sheet"}),
    ("webinar_attended", {}),
    ("demo_requested", {}),
    ("field_changed", {"field": "employees", "value": 200}),
]
SALES: list[Case] = [
    ("accepted", {}),
    ("meeting_booked", {}),
    ("bant_assessed", {"criterion": "budget", "met": True}),
    ("bant_assessed", {"criterion": "need", "met": True, "source": "appel"}),
    ("bant_assessed", {"criterion": "timing", "met": True}),
    ("bant_assessed", {"criterion": "need", "met": False}),
    ("returned", {"reason": "bad_timing"}),
    ("deal_lost", {}),
]
RARE: list[Case] = [("vip_named", {}), ("paused", {}), ("resumed", {}), ("complained", {})]


def an_event(name: str, *, ago: timedelta = timedelta(), **properties: Value) -> Event:
    """An event so long before NOW."""
    return Event(name, NOW - ago, properties=properties)


def a_lead(*events: Event, **fields: Value) -> Lead:
    """A lead with that log and those fields."""
    return Lead("ada", {"email": "ada@acme.example", **fields}, events)


def past(lead: Lead) -> Lead:
    """The lead with what has happened by NOW, and nothing of what is still to come."""
    return replace(lead, events=[e for e in lead.events if e.occurred_at <= NOW])


def an_agreement(change: Callable[[str], str] = str) -> Agreement:
    """The rich agreement with a change to its text."""
    return read_agreement(change(TEXT))


_AGES = st.one_of(
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=14)),
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=260)),
)
_CASES = st.one_of(
    st.sampled_from(MARKETING),
    st.sampled_from(MARKETING),
    st.sampled_from(MARKETING + SALES),
    st.sampled_from(MARKETING + SALES + RARE),
)
_FIELDS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "employees": st.sampled_from([5, 60, 1000]),
        "job_title": st.sampled_from(["CEO", "Head of growth", "trainee"]),
        "industry": st.sampled_from(["software", "retail"]),
        "source": st.sampled_from(["ads", "ads", "organic", "customer_referral"]),
        "email": st.sampled_from(["a@acme.example", "a@acme.example", "a@rival.example"]),
    },
)


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    """Leads with up to a dozen events of the last months, a few of them still to come."""
    drawn = draw(st.lists(st.tuples(_CASES, _AGES), max_size=12))
    events = [Event(name, NOW - ago, properties=data) for (name, data), ago in drawn]
    if draw(st.integers(0, 5)) == 0:
        events.append(Event("page", NOW + timedelta(days=3), properties={"path": "/pricing"}))
    return Lead("ada", draw(_FIELDS), events)
