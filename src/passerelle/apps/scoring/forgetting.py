"""Those who are to be forgotten leave the scores; their moves stay, since counts rest on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from passerelle.apps.people.privacy_erasing import sign, waiting_for
from passerelle.apps.scoring.models import Score, StageDecision, Transition


@transaction.atomic
def carry_out_erasures(now: datetime) -> int:
    """Empty what is scored of somebody who is to be forgotten; 1 if somebody was, else 0.

    Scores and their reasons go. Of moves their evidence goes, of decisions the words: stages,
    instants and totals name nobody.
    """
    erasure = waiting_for("scores").first()
    if erasure is None:
        return 0
    leads = erasure.leads
    Score.objects.filter(lead__in=leads).delete()
    decisions = StageDecision.objects.filter(lead__in=leads)
    decisions.update(reason="")
    decisions.filter(ended_at=None).update(ended_at=now)
    Transition.objects.filter(lead__in=leads).update(evidence={})
    sign(erasure, "scores", now=now)
    return 1
