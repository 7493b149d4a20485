"""What people said, its proof, and whom nobody may contact."""

from datetime import timedelta
from typing import Any

import pytest

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import Channel, Consent, Suppression, WhySuppressed
from passerelle.apps.people.privacy_consents import (
    NoContact,
    consents_of,
    keep_consents,
    may_contact,
    why_no_contact,
)
from passerelle.apps.people.privacy_suppression import any_suppressed, lift_suppression, suppress
from tests.apps.accounts.desk import a_user, page, signed_in
from tests.apps.people.privacy_desk import (
    EMAIL,
    NOW,
    an_event,
    device,
    email,
    happened,
    identify,
    jeanne,
    tables_with,
    user,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _paul() -> Lead:
    happened(identify(user("u-2"), "device-2", NOW - 9 * HOUR, email="paul@acme.example"))
    return Lead.objects.get(email="paul@acme.example")


def _said(name: str, at: Any = NOW, who: Any = None, **properties: Any) -> None:
    subject = who or user("u-2")
    happened(an_event(name, subject=subject, at=at, properties=properties))


def test_a_consent_is_kept_with_its_proof() -> None:
    lead = jeanne()

    consent = consents_of(lead).get()

    assert (consent.channel, consent.given) == ("email", True)
    assert (consent.wording, consent.place) == ("Send me news", "/newsletter")
    assert consent.address == "198.51.100.0"
    assert may_contact(lead, Channel.EMAIL)


def test_without_consent_there_is_no_electronic_mail_and_a_call_is_possible() -> None:
    happened(identify(user("u-3"), email="x@acme.example", phone="+33 1 23 45 67 89"))
    lead = Lead.objects.get(email="x@acme.example")

    assert why_no_contact(lead, Channel.EMAIL) is NoContact.NO_CONSENT
    assert may_contact(lead, Channel.PHONE)


def test_an_installation_may_ask_for_no_consent(settings: Any) -> None:
    settings.CONSENT_NEEDED = set()

    assert may_contact(_paul(), Channel.EMAIL)


def test_without_an_address_there_is_no_contact() -> None:
    assert why_no_contact(_paul(), Channel.PHONE) is NoContact.NO_ADDRESS


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("consent_withdrawn", {"channel": "email"}),
        ("consent_withdrawn", {}),
        ("unsubscribed", {}),
        ("email_unsubscribed", {}),
        ("email_complained", {}),
    ],
)
def test_a_later_no_goes_before_a_yes(name: str, properties: dict[str, str]) -> None:
    lead = _paul()
    _said("consent_given", NOW - 2 * HOUR, channel="email")

    _said(name, NOW - HOUR, **properties)

    assert why_no_contact(lead, Channel.EMAIL) is NoContact.WITHDRAWN


def test_a_no_that_arrives_late_does_not_undo_a_yes_that_was_said_after_it() -> None:
    lead = _paul()
    _said("consent_given", NOW - HOUR, channel="email")

    _said("unsubscribed", NOW - 3 * HOUR)

    assert may_contact(lead, Channel.EMAIL)


def test_a_no_to_everything_is_a_no_to_each() -> None:
    lead = _paul()

    _said("consent_withdrawn")

    assert {why_no_contact(lead, c) for c in Channel} == {NoContact.WITHDRAWN}


def test_what_somebody_said_before_they_were_known_counts_when_they_are() -> None:
    _said("consent_given", NOW - 10 * HOUR, who=device("device-2"), channel="email")

    assert may_contact(_paul(), Channel.EMAIL)


def test_an_event_is_kept_once_however_often_it_is_read() -> None:
    jeanne()
    [consent] = Consent.objects.all()

    keep_consents([consent.event, consent.event])

    assert Consent.objects.count() == 1


def test_who_wishes_no_contact_is_not_contacted_and_the_list_names_nobody() -> None:
    lead = jeanne()

    suppress(lead, why=WhySuppressed.ASKED, by=None, now=NOW)

    assert why_no_contact(lead, Channel.EMAIL) is NoContact.SUPPRESSED
    assert why_no_contact(lead, Channel.POST) is NoContact.SUPPRESSED
    assert "people_suppression" not in tables_with(EMAIL)


def test_the_list_knows_a_name_before_there_is_a_lead() -> None:
    suppress(jeanne(), why=WhySuppressed.ASKED, by=None, now=NOW)

    assert any_suppressed([email(EMAIL)])
    assert any_suppressed([user("crm-4711")])
    assert not any_suppressed([email("paul@acme.example")])


def test_who_changes_their_mind_is_taken_off_the_list() -> None:
    lead = jeanne()
    suppress(lead, why=WhySuppressed.ASKED, by=None, now=NOW)

    lift_suppression(lead, by=None, now=NOW)

    assert not Suppression.objects.exists()
    assert may_contact(lead, Channel.EMAIL)


@pytest.mark.parametrize(("language", "title"), [("fr", "Données personnelles"), ("en", "Privacy")])
def test_what_was_said_on_the_telephone_is_written_down(language: str, title: str) -> None:
    lead = jeanne()
    manager = a_user(Role.MANAGER, language=language, name="Sarah")
    client = signed_in(manager)

    response = client.post(
        f"/people/{lead.key}/privacy/consent/",
        {"channel": "sms", "answer": "yes", "wording": "May we text you?", "place": "call"},
        follow=True,
    )

    assert f"<h1>{title}</h1>" in page(response)
    assert "May we text you?" in page(response)
    latest = consents_of(lead).get(channel="sms")
    assert (latest.given, latest.by) == (True, manager)
    assert AuditEntry.objects.filter(action="privacy.consent_given", user=manager).exists()


def test_a_form_without_its_wording_proves_nothing_and_is_refused() -> None:
    lead = jeanne()
    client = signed_in(a_user(Role.MANAGER))

    response = client.post(
        f"/people/{lead.key}/privacy/consent/", {"channel": "fax", "answer": "yes"}
    )

    assert 'class="errorlist"' in page(response)
    assert Consent.objects.count() == 1


def test_the_list_is_kept_from_the_page() -> None:
    lead = jeanne()
    client = signed_in(a_user(Role.MANAGER, language="en"))

    put = client.post(f"/people/{lead.key}/privacy/suppression/", follow=True)
    taken = client.post(f"/people/{lead.key}/privacy/suppression/", {"wish": "lift"}, follow=True)

    assert "They wish no contact." in page(put)
    assert "They wish no contact." not in page(taken)


@pytest.mark.parametrize("role", [Role.SDR, Role.EXECUTIVE, Role.MARKETING])
def test_who_may_not_answer_for_privacy_does_not_see_the_page(role: Role) -> None:
    lead = jeanne()

    assert signed_in(a_user(role)).get(f"/people/{lead.key}/privacy/").status_code == 403
