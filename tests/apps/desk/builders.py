"""Leads, companies and scores as the other rooms would leave them, for the pages to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from passerelle.apps.accounts.models import Role, Team, User
from passerelle.apps.people.models import Company, Lead
from passerelle.apps.scoring.models import PublishedAgreement, Score
from tests.outside import CHECKOUT

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""A Friday morning in Paris."""

_numbers = count(1)


def a_user(role: str = Role.MARKETING, **fields: Any) -> User:
    """Somebody who may sign in."""
    fields.setdefault("email", f"user{next(_numbers)}@atelier.example")
    fields.setdefault("name", "Nora Lemaire")
    return User.objects.create_user(fields.pop("email"), "a long password", role=role, **fields)


def a_team(key: str = "north", name: str = "North") -> Team:
    """A team that shares leads."""
    return Team.objects.get_or_create(key=key, defaults={"name": name})[0]


def a_published_agreement(name: str = "demo") -> PublishedAgreement:
    """The agreement in force, from the gallery."""
    text = Path(CHECKOUT, "agreements", f"{name}.yaml").read_text("utf-8")
    return PublishedAgreement.objects.create(
        version=f"{name}-1", text=text, published_at=NOW - timedelta(days=90)
    )


def a_company(name: str = "Carrières Dufour", **fields: Any) -> Company:
    """A company, known by its domain."""
    n = next(_numbers)
    fields.setdefault("domain", f"company{n}.example")
    return Company.objects.create(
        key=f"co{n}", name=name, created_at=NOW - timedelta(days=200), **fields
    )


def a_lead(name: str = "Camille Roux", **fields: Any) -> Lead:
    """Somebody who is known."""
    n = next(_numbers)
    fields.setdefault("email", f"lead{n}@company.example")
    fields.setdefault("created_at", NOW - timedelta(days=40))
    fields.setdefault("key", f"lead-{n}")
    return Lead.objects.create(name=name, **fields)


def a_score(lead: Lead, total: float = 50, *, stage: str = "mql", **fields: Any) -> Score:
    """The score of a lead under the agreement in force."""
    fields.setdefault("as_of", NOW)
    fields.setdefault("stage_since", NOW - timedelta(days=3))
    agreement = PublishedAgreement.objects.first() or a_published_agreement()
    return Score.objects.create(
        lead=lead, agreement=agreement, total=Decimal(str(total)), stage=stage, **fields
    )
