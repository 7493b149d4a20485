"""How people come in: the first administrator by a printed link, the others by invitation."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from passerelle.apps.accounts.actions import (
    Refused,
    accept_invitation,
    first_administrator_link,
    invite,
)
from passerelle.apps.accounts.invitations import open_invitation
from passerelle.apps.accounts.models import AuditEntry, Invitation, Role, Team, User
from tests.apps.accounts.desk import NOW, PASSWORD, a_user, an_administrator, page, signed_in

SARAH = {"name": "Sarah", "language": "fr", "password": PASSWORD}


def test_the_first_administrator_comes_by_a_link_and_is_signed_in() -> None:
    token = first_administrator_link(timezone.now())
    client = Client()

    shown = client.get(f"/settings/begin/{token}/")
    client.post(f"/settings/begin/{token}/", {**SARAH, "email": "Sarah@acme.example"})

    assert "Let us begin" in page(shown)
    user = User.objects.get()
    assert (user.email, user.role, user.language) == ("sarah@acme.example", "administrator", "fr")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_there_is_no_such_link_once_there_is_an_administrator() -> None:
    earlier = first_administrator_link(NOW)
    an_administrator()

    assert first_administrator_link(NOW) is None
    assert earlier is not None
    invitation = open_invitation(earlier, NOW)
    assert invitation is not None
    refused = accept_invitation(
        invitation, name="Eve", email="eve@evil.example", password=PASSWORD, now=NOW
    )
    assert refused is Refused.BAD_LINK


def test_an_administrator_who_was_switched_off_does_not_count() -> None:
    an_administrator(is_active=False)

    assert first_administrator_link(NOW) is not None


def test_a_newer_link_makes_the_earlier_one_worthless() -> None:
    first, second = first_administrator_link(NOW), first_administrator_link(NOW)
    assert first is not None
    assert second is not None

    assert open_invitation(first, NOW) is None
    assert open_invitation(second, NOW) is not None
    assert open_invitation(second, NOW + timedelta(hours=25)) is None


def test_a_secret_is_not_in_the_database() -> None:
    token = first_administrator_link(NOW)

    assert token is not None
    assert token not in str(list(Invitation.objects.values()))


def test_somebody_is_invited_by_mail_in_their_language_and_joins_with_their_role() -> None:
    team = Team.objects.create(key="north", name="North")
    client = signed_in(an_administrator(language="en"))

    sent = client.post(
        "/settings/users/invite/",
        {"email": "Marc@acme.example", "role": "sdr", "team": team.pk, "language": "fr"},
    )
    [letter] = mail.outbox
    link = letter.body.split("http://testserver")[1].split()[0]
    Client().post(link, {**SARAH, "name": "Marc"})

    assert letter.subject == "Votre invitation à Passerelle"
    assert link in page(sent)
    user = User.objects.get(email="marc@acme.example")
    assert (user.role, user.team, user.name) == (Role.SDR, team, "Marc")
    deeds = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert deeds == ["user.invited", "user.joined", "session.started"]


def test_a_link_works_once() -> None:
    secret = invite(
        "marc@acme.example", role=Role.SDR, team=None, language="fr", by=an_administrator(), now=NOW
    )
    invitation = open_invitation(secret, NOW)
    assert invitation is not None

    first = accept_invitation(invitation, name="Marc", password=PASSWORD, now=NOW)
    second = accept_invitation(invitation, name="Eve", password=PASSWORD, now=NOW)

    assert isinstance(first, User)
    assert second is Refused.BAD_LINK


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_link_that_does_not_work_says_so_and_nothing_more(language: str) -> None:
    response = Client().get("/settings/join/never-made/", headers={"Accept-Language": language})

    assert response.status_code == 410
    assert {"fr": "ne fonctionne pas", "en": "does not work"}[language] in page(response)


def test_inviting_again_replaces_the_earlier_invitation() -> None:
    by = an_administrator()
    first = invite("m@acme.example", role=Role.SDR, team=None, language="fr", by=by, now=NOW)
    second = invite("M@acme.example", role=Role.MANAGER, team=None, language="fr", by=by, now=NOW)

    assert open_invitation(first, NOW) is None
    kept = open_invitation(second, NOW)
    assert kept is not None
    assert kept.role == Role.MANAGER


def test_a_user_is_not_invited_twice() -> None:
    a_user(email="ada@acme.example")
    client = signed_in(an_administrator(language="en"))

    response = client.post(
        "/settings/users/invite/",
        {"email": "ADA@acme.example", "role": "sdr", "language": "fr"},
    )

    assert "already a user" in page(response)
    assert not Invitation.objects.exists()


def test_a_mail_that_cannot_be_sent_leaves_the_link_to_hand_over(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    client = signed_in(an_administrator(language="en"))

    response = client.post(
        "/settings/users/invite/",
        {"email": "marc@acme.example", "role": "sdr", "language": "fr"},
    )

    assert "could not be sent" in page(response)
    assert "/settings/join/" in page(response)


def test_an_invitation_taken_back_lets_nobody_in() -> None:
    administrator = an_administrator()
    secret = invite(
        "m@acme.example",
        role=Role.SDR,
        team=None,
        language="fr",
        by=administrator,
        now=timezone.now(),
    )
    invitation = Invitation.objects.get()

    signed_in(administrator).post(f"/settings/invitations/{invitation.pk}/revoke/")

    assert Client().get(f"/settings/join/{secret}/").status_code == 410


def test_a_password_like_ones_own_address_is_refused() -> None:
    token = first_administrator_link(timezone.now())

    response = Client().post(
        f"/settings/begin/{token}/",
        {**SARAH, "email": "sarah.connor@acme.example", "password": "sarah.connor@acme.example"},
    )

    assert 'class="errorlist"' in page(response)
    assert not User.objects.exists()
