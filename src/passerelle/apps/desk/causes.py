"""Why a lead moved, in a few words."""

from __future__ import annotations

from passerelle.apps.scoring.models import Cause, Transition
from passerelle.core.agreement import Agreement
from passerelle.report.naming import trigger_label
from passerelle.words import Language, say

_BY_TRIGGER = {Cause.FAST_TRACK: "fast_track", Cause.DISQUALIFIED: "disqualified"}


def cause_of(move: Transition, agreement: Agreement | None, language: Language) -> str:
    """The cause of a move, with the fast track, disqualifier or person behind it."""
    kind = Cause(move.cause)
    said = say(f"desk.cause.{kind.value}", language)
    who = _behind(move, kind, agreement, language)
    return say("desk.cause.with", language, cause=said, who=who) if who else said


def _behind(move: Transition, kind: Cause, agreement: Agreement | None, language: Language) -> str:
    if kind in _BY_TRIGGER and agreement is not None:
        key = str(move.evidence.get(_BY_TRIGGER[kind], ""))
        return trigger_label(agreement, key, language) if key else ""
    if kind is Cause.PERSON:
        return str(move.by) if move.by_id else ""
    if kind is Cause.RECYCLED:
        return str(move.evidence.get("recycled", ""))
    return ""
