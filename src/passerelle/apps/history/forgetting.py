"""Those who are to be forgotten leave the files."""

from __future__ import annotations

from datetime import datetime

from passerelle.apps.history.actions import Overtaken, SubjectSpan, erase_subjects
from passerelle.apps.people.privacy_erasing import sign, waiting_for


def carry_out_erasures(now: datetime) -> int:
    """Rewrite the files that hold somebody who is to be forgotten; 1 if somebody was, else 0.

    Replaced files go at once, without the grace that readers otherwise have. Whoever merges files
    at the same time goes first: it is tried again.
    """
    erasure = waiting_for("history").first()
    if erasure is None:
        return 0
    spans = [SubjectSpan(span.subject_id, span.since, span.until) for span in erasure.spans.all()]
    try:
        erase_subjects(spans, now=now, at_once=True)
    except Overtaken:
        return 0
    sign(erasure, "history", now=now)
    return 1
