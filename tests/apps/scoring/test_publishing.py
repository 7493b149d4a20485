"""A text becomes the agreement, or nothing changes."""

from __future__ import annotations

import pytest

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.scoring import actions
from passerelle.apps.scoring.models import PublishedAgreement
from passerelle.apps.scoring.queries import agreement_in_force, current_agreement
from passerelle.core.faults import InvalidAgreement
from tests.apps.scoring.builders import DAY, HOUR, NOW, a_text, a_user, published

pytestmark = pytest.mark.django_db

SIGNED = {"signatures": [{"team": "sales", "name": "Dana", "on": "2024-06-01"}]}


def test_what_is_published_decides_from_then_on() -> None:
    manager = a_user(Role.MANAGER)
    first = published(at=NOW - DAY)

    done = actions.publish(a_text(title="Second"), manager, now=NOW)

    assert done.outcome == "published"
    current = current_agreement()
    assert current is not None
    assert (current[0], current[1].title) == (done.published, "Second")
    for at, expected in ((NOW, done.published), (NOW - HOUR, first)):
        in_force = agreement_in_force(at)
        assert in_force is not None
        assert in_force[0] == expected
    assert agreement_in_force(NOW - 2 * DAY) is None
    assert done.published.rescored_at is None
    deed = AuditEntry.objects.filter(action="agreement.published").last()
    assert deed is not None
    assert (deed.user, deed.subject) == (manager, f"agreement:{done.published.version}")
    assert deed.details == {"replaced": first.version}


def test_faults_are_refused_all_at_once_and_change_nothing() -> None:
    published()
    text = a_text(rules=[], total={"sum": ["fame"]})

    with pytest.raises(InvalidAgreement) as invalid:
        actions.publish(text, a_user(), now=NOW)

    assert len(invalid.value.faults) >= 1
    assert PublishedAgreement.objects.count() == 1


def test_the_same_text_is_published_once() -> None:
    first = published(at=NOW - DAY)

    again = actions.publish("# a remark\n" + a_text(), a_user(), now=NOW)

    assert (again.outcome, again.published) == ("unchanged", first)
    assert AuditEntry.objects.filter(action="agreement.published").count() == 1


def test_signatures_are_taken_over_without_another_version() -> None:
    first = published(at=NOW - DAY)

    signed = actions.publish(a_text(**SIGNED), a_user(), now=NOW)

    assert (signed.outcome, signed.published) == ("signed", first)
    current = current_agreement()
    assert current is not None
    assert [one.name for one in current[1].signatures] == ["Dana"]
    assert AuditEntry.objects.filter(action="agreement.signed").count() == 1


@pytest.mark.parametrize("role", [Role.SDR, Role.EXECUTIVE, Role.MARKETING])
def test_who_may_not_publish_does_not(role: Role) -> None:
    with pytest.raises(actions.Refused, match="may_not_publish"):
        actions.publish(a_text(), a_user(role), now=NOW)

    assert not PublishedAgreement.objects.exists()


def test_a_clock_that_goes_back_does_not_bring_an_older_version_back() -> None:
    published(at=NOW)

    second = actions.publish(a_text(title="Second"), None, now=NOW - HOUR).published

    current = current_agreement()
    assert current is not None
    assert current[0] == second
