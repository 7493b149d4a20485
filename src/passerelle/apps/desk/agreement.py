"""The agreement in force, as the pages ask for it."""

from __future__ import annotations

from passerelle.apps.scoring.models import PublishedAgreement
from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement

_KEPT: dict[str, Agreement] = {}


def agreement_in_force() -> Agreement | None:
    """The agreement that decides now; None before the first is published."""
    published = PublishedAgreement.objects.order_by("-published_at").first()
    if published is None:
        return None
    if published.version not in _KEPT:
        _KEPT.clear()
        _KEPT[published.version] = read_agreement(published.text)
    return _KEPT[published.version]
