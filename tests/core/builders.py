"""Builders of vivid test data: a lead, an event, an agreement, and the points they make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.ledger import Levels
from passerelle.core.reading import read_agreement
from passerelle.core.scorer import Score, score_lead
from passerelle.core.standing import Standing

NOW = datetime(2024, 6, 12, 10, tzinfo=UTC)
"""A Wednesday, noon in Paris."""

CRITERIA = ("budget", "authority", "need", "timing")
MICROSECOND = timedelta(microseconds=1)


def ago(days: float, *, at: datetime = NOW) -> datetime:
    """The instant so many times 24 hours before `at`."""
    return at - timedelta(days=days)


def an_event(
    name: str,
    *,
    at: datetime = NOW,
    id: str = "",  # noqa: A002  # the column's own name
    received_at: datetime | None = None,
    **properties: Any,
) -> Event:
    """Something that happened at `at`."""
    return Event(name, at, id, properties, received_at)


def a_change(field: str, value: Any, *, at: datetime) -> Event:
    """A field of the lead that changed."""
    return an_event("field_changed", at=at, field=field, value=value)


def a_lead(*events: Event, key: str = "camille", **fields: Any) -> Lead:
    """A lead with these events and fields."""
    return Lead(key, fields, events)


def a_rule(**parts: Any) -> dict[str, Any]:
    """A rule of the engagement dimension, unless another or a group is named."""
    place = {} if "group" in parts else {"dimension": "engagement"}
    return {"key": "rule", **place, **parts}


def an_agreement(*rules: dict[str, Any], **parts: Any) -> Agreement:
    """An agreement of these rules and parts, read from its text as any other.

    Unless said otherwise it works in Paris, has one wide dimension `engagement`, and adds its
    dimensions up without a line.
    """
    dimensions = parts.get("dimensions", {"engagement": {"range": [-10_000, 10_000]}})
    document = {
        "passerelle": 1,
        "key": "trial",
        "timezone": "Europe/Paris",
        "dimensions": dimensions,
        "rules": list(rules) or [a_rule(event="page", points=10)],
        "total": {"sum": list(dimensions), "range": [-100_000, 100_000]},
        "stages": {"mql": {"when": {"total": ">=50"}}},
        **parts,
    }
    return read_agreement(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))


def score(agreement: Agreement, lead: Lead, *, at: datetime = NOW) -> Score:
    """The lead's score at an instant."""
    return score_lead(agreement, lead, as_of=at)


def points(agreement: Agreement, *events: Event, at: datetime = NOW, **fields: Any) -> Decimal:
    """The total of a lead with these events and fields."""
    return score(agreement, a_lead(*events, **fields), at=at).total


def stage(agreement: Agreement, *events: Event, at: datetime = NOW, **fields: Any) -> str:
    """The stage of a lead with these events and fields."""
    return score(agreement, a_lead(*events, **fields), at=at).stage


def standing(agreement: Agreement, *events: Event, at: datetime = NOW, **fields: Any) -> Standing:
    """Where a lead with these events and fields stands."""
    return score(agreement, a_lead(*events, **fields), at=at).standing


def entries(levels: Levels, level: str) -> dict[tuple[str, str], Decimal]:
    """The entries of one level, by kind and key."""
    return {(e.kind, e.of): e.points for e in levels.entries if e.level == level}


def pages(number: int, *, at: datetime = NOW) -> list[Event]:
    """So many pages seen at one instant."""
    return [an_event("page", at=at, id=f"{at.isoformat()}-{n}") for n in range(number)]


def assessed(*met: str, at: datetime = NOW) -> list[Event]:
    """All four criteria of BANT, assessed at once; only those named are met."""
    return [an_event("bant_assessed", at=at, criterion=c, met=c in met) for c in CRITERIA]


def shortcuts() -> Agreement:
    """An agreement with fast tracks, disqualifiers, a qualification and recycling."""
    return an_agreement(
        fields={"source": "text"},
        stages={"mql": {"when": {"total": ">=50"}}, "won": {"when": {"event": "deal_won"}}},
        fast_tracks=[
            {"key": "demo", "event": "demo_requested", "clock": "hot", "window": "30d"},
            {"key": "friend", "field": "source", "one_of": ["customer_referral"]},
            {"key": "vip", "event": "invited", "to": "mql", "clock": "warm"},
        ],
        disqualify=[
            {"key": "rival", "field": "email", "domain_in": ["rival.example"]},
            {"key": "stop", "event": "outbound_replied", "where": {"sentiment": "stop"}},
        ],
        handoff={
            "clocks": {
                "hot": {"accept": "30m", "contact": "1h"},
                "warm": {"accept": "4h", "contact": "8h"},
            }
        },
        recycle={"after": {"bad_timing": "90d"}, "rearm": {"new_points": 10}},
        qualification={"sql": {"requires": ["accepted"], "bant": ">80"}},
    )
