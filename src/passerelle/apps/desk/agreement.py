"""The agreement in force, as the pages ask for it."""

from __future__ import annotations

from passerelle.apps.scoring.queries import current_agreement
from passerelle.core.agreement import Agreement


def agreement_in_force() -> Agreement | None:
    """The agreement that decides now; None before the first is published."""
    current = current_agreement()
    return None if current is None else current[1]
