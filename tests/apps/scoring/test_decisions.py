"""A person says where a lead stands, over its score, and that ends."""

from __future__ import annotations

from datetime import datetime

import pytest

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.people.models import Lead
from passerelle.apps.scoring import actions, worker
from passerelle.apps.scoring.models import Score, StageDecision, Transition
from passerelle.apps.scoring.queries import open_decision, would_stand_at
from tests.apps.scoring.builders import DAY, HOUR, NOW, a_lead, a_user, happens, published, work_off

pytestmark = pytest.mark.django_db


def moves(lead: Lead) -> list[tuple[str, str, str]]:
    rows = Transition.objects.filter(lead=lead).order_by("number")
    return [(row.from_stage, row.to_stage, row.cause) for row in rows]


def decided(lead: Lead, stage: str = "hot", until: datetime | None = None) -> StageDecision:
    manager = a_user(Role.MANAGER)
    return actions.set_stage(manager, lead, stage=stage, reason="met them", until=until, now=NOW)


def test_a_decision_moves_the_lead_at_once_with_its_reason() -> None:
    published()
    lead = a_lead("page")
    work_off(NOW - HOUR)
    work_off(NOW)

    decision = decided(lead)

    assert moves(lead)[-1] == ("lead", "hot", "person")
    last = Transition.objects.filter(lead=lead).last()
    assert last is not None
    assert (last.by, last.at, last.evidence["decision"]) == (decision.by, NOW, str(decision.pk))
    score = Score.objects.get(lead=lead)
    assert (score.stage, would_stand_at(score)) == ("hot", "lead")
    assert open_decision(lead, now=NOW) == decision
    deed = AuditEntry.objects.get(action="lead.stage_set")
    assert (deed.subject, deed.details["stage"]) == (f"lead:{lead.key}", "hot")
    assert "met them" not in str(deed.details)


def test_a_decision_holds_whatever_happens() -> None:
    published()
    lead = a_lead("page", at=NOW - HOUR)
    work_off()
    decided(lead)
    happens(lead, "unsubscribed", at=NOW + HOUR)

    work_off(NOW + HOUR)

    assert moves(lead)[-1] == ("lead", "hot", "person")
    assert would_stand_at(Score.objects.get(lead=lead)) == "disqualified"


def test_a_decision_that_expires_hands_back_to_the_score_without_news() -> None:
    published()
    lead = a_lead("page", "page", at=NOW - HOUR)
    work_off()
    decision = decided(lead, stage="disqualified", until=NOW + DAY)

    early = worker.work(NOW + DAY - HOUR)
    done = worker.work(NOW + DAY + HOUR)

    assert (early, done, worker.work(NOW + DAY + HOUR)) == (0, 1, 0)
    assert moves(lead)[-1] == ("disqualified", "mql", "expired")
    last = Transition.objects.filter(lead=lead).last()
    assert last is not None
    assert (last.at, last.decided_at) == (NOW + DAY, NOW + DAY + HOUR)
    decision.refresh_from_db()
    assert decision.ended_at == NOW + DAY


def test_a_decision_that_is_lifted_hands_back_at_once() -> None:
    published()
    lead = a_lead("page", "page", at=NOW - HOUR)
    work_off()
    decision = decided(lead, stage="nurturing")
    other = a_user(Role.MANAGER)

    actions.lift_decision(other, decision, now=NOW + HOUR)
    actions.lift_decision(other, decision, now=NOW + 2 * HOUR)

    assert moves(lead)[-1] == ("nurturing", "mql", "person")
    last = Transition.objects.filter(lead=lead).last()
    assert last is not None
    assert (last.by, last.at) == (other, NOW + HOUR)
    decision.refresh_from_db()
    assert (decision.ended_by, decision.ended_at) == (other, NOW + HOUR)
    assert AuditEntry.objects.filter(action="lead.stage_lifted").count() == 1


def test_a_new_decision_replaces_the_one_before() -> None:
    published()
    lead = a_lead("page", at=NOW - HOUR)
    work_off()
    first = decided(lead, stage="hot", until=NOW + DAY)

    actions.set_stage(a_user(), lead, stage="mql", reason="cooled down", until=None, now=NOW + HOUR)
    worker.work(NOW + 2 * DAY)

    first.refresh_from_db()
    assert first.ended_at == NOW + HOUR
    assert [to for _, to, _ in moves(lead)] == ["lead", "hot", "mql"]


def test_a_lead_without_a_score_can_be_put_somewhere_too() -> None:
    published()
    lead = a_lead("page")

    decided(lead)

    assert moves(lead) == [("", "hot", "person")]


@pytest.mark.parametrize(
    ("role", "parts", "code"),
    [
        (Role.SDR, {}, "may_not_move"),
        (Role.MARKETING, {}, "may_not_move"),
        (Role.MANAGER, {"stage": "paradise"}, "no_such_stage"),
        (Role.MANAGER, {"reason": "  "}, "no_reason"),
        (Role.MANAGER, {"reason": "x" * 2_001}, "reason_too_long"),
        (Role.MANAGER, {"until": NOW}, "until_is_past"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    role: Role, parts: dict[str, object], code: str
) -> None:
    published()
    lead = a_lead("page")
    asked = {"stage": "hot", "reason": "because", "until": None, **parts}

    with pytest.raises(actions.Refused) as refused:
        actions.set_stage(a_user(role), lead, now=NOW, **asked)  # type: ignore[arg-type]

    assert refused.value.code == code
    assert refused.value.says("en") != refused.value.says("fr")
    assert not Transition.objects.exists()
    assert not StageDecision.objects.exists()


def test_nobody_decides_before_there_are_stages_or_about_who_is_gone() -> None:
    lead = a_lead()
    with pytest.raises(actions.Refused, match="no_agreement"):
        decided(lead)
    published()
    Lead.objects.filter(pk=lead.pk).update(erased_at=NOW)

    with pytest.raises(actions.Refused, match="lead_is_gone"):
        decided(lead)
