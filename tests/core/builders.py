"""Builders of vivid test data: a lead, an event, an agreement, and the points they make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.reading import read_agreement
from passerelle.core.scorer import Score, score_lead

NOW = datetime(2024, 6, 12, 10, tzinfo=UTC)
"""A Wednesday, noon in Paris."""

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
