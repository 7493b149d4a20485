"""What is done about agreements and stages: publish one, set a lead's stage, lift that again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, may
from passerelle.apps.people.models import Lead
from passerelle.apps.scoring.agreements import agreement_of, current_agreement, stages_to_choose
from passerelle.apps.scoring.models import Cause, PublishedAgreement, StageDecision
from passerelle.apps.scoring.reckoning import reckon
from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement
from passerelle.words import Language, say

Outcome = Literal["published", "signed", "unchanged"]

LONGEST_REASON = 2_000


class Refused(Exception):
    """What was asked for cannot be done; `code` names why, with its words in `agreements.refused`.

    `data` fills in the words.
    """

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code, self.data = code, data

    def says(self, language: Language) -> str:
        """Why, and what to do, in one sentence."""
        return say(f"agreements.refused.{self.code}", language, **self.data)


@dataclass(frozen=True, slots=True)
class Publication:
    """The agreement in force after somebody published a text, and what that changed."""

    published: PublishedAgreement
    outcome: Outcome


@transaction.atomic
def publish(text: str, by: User | None, *, now: datetime) -> Publication:
    """Put an agreement in force, from `now` on; everybody is scored by it in the background.

    A text that says what the one in force says is not published again; its signatures are taken
    over. `by` is nobody when a program publishes.

    Raises:
        InvalidAgreement: with every fault at once.
        Refused: `by` may not.
    """
    if by is not None and not may(by, Right.PUBLISH_AGREEMENT):
        raise Refused("may_not_publish")
    agreement = read_agreement(text)
    current = current_agreement()
    if current is not None and current[1].version == agreement.version:
        return _signed(current[0], text, by, now=now)
    published = PublishedAgreement.objects.create(
        version=agreement.version,
        text=text,
        published_at=now if current is None else max(now, current[0].published_at),
        published_by=by,
    )
    replaced = None if current is None else current[1].version
    _tell(by, "agreement.published", published, now=now, replaced=replaced)
    return Publication(published, "published")


@transaction.atomic
def set_stage(
    by: User, lead: Lead, *, stage: str, reason: str, until: datetime | None, now: datetime
) -> StageDecision:
    """Say where a lead stands, over its score, until an instant or until it is lifted.

    Raises:
        Refused: `by` may not, there is no such stage, no reason, or no time left.
    """
    published, agreement = _held_to_agreement(by)
    reason = reason.strip()
    if stage not in stages_to_choose(agreement):
        raise Refused("no_such_stage", stage=stage)
    if not reason:
        raise Refused("no_reason")
    if len(reason) > LONGEST_REASON:
        raise Refused("reason_too_long", most=LONGEST_REASON)
    if until is not None and until <= now:
        raise Refused("until_is_past")
    _hold(lead)
    for open_one in lead.decisions.filter(ended_at=None):
        _end(open_one, by, now=now)
    decision = StageDecision.objects.create(
        lead=lead, stage=stage, cause=Cause.PERSON, reason=reason, by=by, at=now, until=until
    )
    reckon(published, agreement, [lead.pk], now=now, by_id=by.pk)
    details = {"stage": stage, "decision": decision.pk, "until": until and until.isoformat()}
    record_deed(by, "lead.stage_set", subject=f"lead:{lead.key}", details=details, now=now)
    return decision


@transaction.atomic
def lift_decision(by: User, decision: StageDecision, *, now: datetime) -> None:
    """End a decision on a lead's stage; the score decides again. What has ended stays as it is.

    Raises:
        Refused: `by` may not.
    """
    published, agreement = _held_to_agreement(by)
    lead = decision.lead
    _hold(lead)
    decision.refresh_from_db()
    if decision.ended_at is not None:
        return
    _end(decision, by, now=now)
    reckon(published, agreement, [lead.pk], now=now, by_id=by.pk, ended=decision)
    details = {"stage": decision.stage, "decision": decision.pk}
    record_deed(by, "lead.stage_lifted", subject=f"lead:{lead.key}", details=details, now=now)


def _signed(
    published: PublishedAgreement, text: str, by: User | None, *, now: datetime
) -> Publication:
    if agreement_of(published).signatures == read_agreement(text).signatures:
        return Publication(published, "unchanged")
    published.text = text
    published.save(update_fields=["text"])
    _tell(by, "agreement.signed", published, now=now)
    return Publication(published, "signed")


def _tell(
    by: User | None, action: str, published: PublishedAgreement, *, now: datetime, **details: object
) -> None:
    record_deed(by, action, subject=f"agreement:{published.version}", details=details, now=now)


def _held_to_agreement(by: User) -> tuple[PublishedAgreement, Agreement]:
    if not may(by, Right.MOVE_LEADS):
        raise Refused("may_not_move")
    current = current_agreement()
    if current is None:
        raise Refused("no_agreement")
    return current


def _hold(lead: Lead) -> None:
    """Wait until no worker holds the lead, and hold it."""
    held = Lead.objects.select_for_update(no_key=True, of=("self",)).get(pk=lead.pk)
    if held.merged_into_id or held.erased_at:
        raise Refused("lead_is_gone")


def _end(decision: StageDecision, by: User, *, now: datetime) -> None:
    expired = decision.until is not None and decision.until <= now
    decision.ended_at = decision.until if expired else now
    decision.ended_by = None if expired else by
    decision.save(update_fields=["ended_at", "ended_by"])
