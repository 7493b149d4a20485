"""What others ask about agreements, scores and stages."""

from __future__ import annotations

from passerelle.apps.scoring.agreements import (
    agreement_in_force,
    agreement_of,
    current_agreement,
    stages_to_choose,
)
from passerelle.apps.scoring.companies import CompanyScore, company_score
from passerelle.apps.scoring.explaining import (
    LedgerLine,
    Opened,
    ThenAndNow,
    ledger_of,
    open_decision,
    opened,
    score_over_time,
    then_and_now,
    what_would_change,
    why,
    why_not_yet,
    would_stand_at,
)

__all__ = [
    "CompanyScore",
    "LedgerLine",
    "Opened",
    "ThenAndNow",
    "agreement_in_force",
    "agreement_of",
    "company_score",
    "current_agreement",
    "ledger_of",
    "open_decision",
    "opened",
    "score_over_time",
    "stages_to_choose",
    "then_and_now",
    "what_would_change",
    "why",
    "why_not_yet",
    "would_stand_at",
]
