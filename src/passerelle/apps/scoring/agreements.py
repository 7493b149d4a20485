"""The agreement in force, now or at an instant, read once a text."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from passerelle.apps.scoring.models import PublishedAgreement
from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement
from passerelle.core.stages import DISQUALIFIED, LEAD, NURTURING
from passerelle.core.standing import ladder


def current_agreement() -> tuple[PublishedAgreement, Agreement] | None:
    """The agreement in force, as published and as read; none before the first publication."""
    return _read(PublishedAgreement.objects.first())


def agreement_in_force(at: datetime) -> tuple[PublishedAgreement, Agreement] | None:
    """The agreement that was in force at an instant."""
    return _read(PublishedAgreement.objects.filter(published_at__lte=at).first())


def agreement_of(published: PublishedAgreement) -> Agreement:
    """A published agreement, read; the same text is read once."""
    return _parsed(published.text)


def stages_to_choose(agreement: Agreement) -> tuple[str, ...]:
    """The stages that a person may put a lead at, lowest first."""
    below = (DISQUALIFIED, NURTURING, LEAD)
    return (*(one for one in below if one not in ladder(agreement)), *ladder(agreement))


def _read(published: PublishedAgreement | None) -> tuple[PublishedAgreement, Agreement] | None:
    return None if published is None else (published, agreement_of(published))


@lru_cache(maxsize=16)
def _parsed(text: str) -> Agreement:
    return read_agreement(text)
