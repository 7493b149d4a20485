"""Signing in: who may, who is told what, how often one may try, what is written down."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from passerelle.apps.accounts.models import AuditEntry, Role
from tests.apps.accounts.desk import PASSWORD, a_user, an_administrator, page, signed_in

LOGIN = "/accounts/login/"


def _sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def test_a_user_signs_in_whatever_the_case_of_the_address() -> None:
    user = a_user(email="ada@acme.example")
    client = Client()

    status = _sign_in(client, "Ada@ACME.example")

    assert status == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AuditEntry.objects.filter(action="session.started", user=user).count() == 1


def test_a_wrong_password_is_refused_and_written_down_without_what_was_typed() -> None:
    user = a_user(email="ada@acme.example")
    client = Client()

    response = client.post(LOGIN, {"login": "ada@acme.example", "password": "guessed-it-maybe"})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    entry = AuditEntry.objects.get(action="session.refused")
    assert entry.subject == f"user:{user.pk}"
    assert entry.details == {}


def test_an_unknown_address_is_answered_like_a_wrong_password() -> None:
    a_user(email="ada@acme.example")

    known = Client().post(LOGIN, {"login": "ada@acme.example", "password": "guessed-it-maybe"})
    unknown = Client().post(LOGIN, {"login": "eve@acme.example", "password": "guessed-it-maybe"})

    assert _without_tokens(page(known)).replace("ada@", "eve@") == _without_tokens(page(unknown))


def test_after_several_failures_even_the_right_password_waits() -> None:
    a_user(email="ada@acme.example")
    client = Client()

    statuses = [_sign_in(client, "ada@acme.example", f"wrong number {n}") for n in range(8)]
    right = client.post(LOGIN, {"login": "ada@acme.example", "password": PASSWORD})

    assert set(statuses) <= {200, 429}
    assert "_auth_user_id" not in client.session
    assert right.status_code in {200, 429}


def test_one_address_that_tries_many_accounts_gets_429() -> None:
    client = Client()

    statuses = [_sign_in(client, f"guess{n}@acme.example", "wrong number") for n in range(35)]

    assert statuses[-1] == 429
    assert "Too many attempts" in page(client.post(LOGIN, {"login": "a@b.example"}))


def test_somebody_switched_off_does_not_come_in() -> None:
    a_user(email="ada@acme.example", is_active=False)
    client = Client()

    _sign_in(client, "ada@acme.example")

    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone() -> None:
    shown = Client().get("/accounts/signup/")
    sent = Client().post("/accounts/signup/", {"email": "eve@evil.example", "password1": PASSWORD})

    assert "By invitation only" in page(shown)
    assert "By invitation only" in page(sent)


@pytest.mark.parametrize(("accept", "title"), [("fr", "Se connecter"), ("en", "Sign in")])
def test_the_page_speaks_the_browsers_language(accept: str, title: str) -> None:
    response = Client().get(LOGIN, headers={"Accept-Language": accept})

    assert f"<h1>{title}</h1>" in page(response)


def test_the_language_somebody_chose_goes_before_cookie_and_browser() -> None:
    client = signed_in(a_user(language="fr"))
    client.cookies["django_language"] = "en"

    response = client.get("/settings/me/", headers={"Accept-Language": "en"})

    assert "Mon compte" in page(response)


def test_the_session_is_another_one_after_signing_in() -> None:
    a_user(email="ada@acme.example")
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    before = session.session_key

    _sign_in(client, "ada@acme.example")

    assert client.session.session_key != before


def test_a_second_factor_is_asked_for_and_its_secret_is_not_in_the_database() -> None:
    user = a_user(email="ada@acme.example")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()

    first = client.post(LOGIN, {"login": "ada@acme.example", "password": PASSWORD})
    half_way = client.session.get("_auth_user_id")
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    right = client.post(reverse("mfa_authenticate"), {"code": _code(secret)})

    assert first["Location"] == reverse("mfa_authenticate")
    assert half_way is None
    assert wrong.status_code == 200
    assert right.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert secret not in str(Authenticator.objects.get().data)


def test_whoever_must_have_a_second_factor_is_sent_to_set_it_up(settings: object) -> None:
    settings.TWO_FACTORS = "administrators"  # type: ignore[attr-defined]
    administrator, marketer = signed_in(an_administrator()), signed_in(a_user())

    sent = administrator.get("/settings/me/")

    assert sent.status_code == 302
    assert sent["Location"] == reverse("mfa_activate_totp")
    assert marketer.get("/settings/me/").status_code == 200


def test_a_forgotten_password_is_set_anew_by_a_link_in_a_mail() -> None:
    a_user(email="ada@acme.example")
    client = Client()

    client.post("/accounts/password/reset/", {"email": "ada@acme.example"})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    new = "an entirely different sentence"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert _sign_in(Client(), "ada@acme.example", new) == 302
    assert AuditEntry.objects.filter(action="user.password_changed").exists()


def test_a_strangers_address_gets_no_mail() -> None:
    Client().post("/accounts/password/reset/", {"email": "eve@evil.example"})

    assert mail.outbox == []


def test_a_changed_password_ends_the_other_sessions() -> None:
    a_user(email="ada@acme.example")
    here, elsewhere = Client(), Client()
    _sign_in(here, "ada@acme.example")
    _sign_in(elsewhere, "ada@acme.example")
    new = "an entirely different sentence"

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert here.get("/settings/me/").status_code == 200
    assert elsewhere.get("/settings/me/").status_code == 302


def test_signing_out_everywhere_else_leaves_this_browser_alone() -> None:
    a_user(email="ada@acme.example")
    here, elsewhere = Client(), Client()
    _sign_in(elsewhere, "ada@acme.example")
    _sign_in(here, "ada@acme.example")

    here.post("/accounts/sessions/")

    assert here.get("/settings/me/").status_code == 200
    assert elsewhere.get("/settings/me/").status_code == 302


@pytest.mark.parametrize("password", ["short", "password1234", "ada@acme.example"])
def test_a_weak_password_is_refused_with_a_reason(password: str) -> None:
    a_user(email="ada@acme.example")
    client = Client()
    _sign_in(client, "ada@acme.example")

    response = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    assert response.status_code == 200
    assert 'class="errorlist"' in page(response)


def test_a_role_is_the_least_that_a_user_can_have() -> None:
    assert a_user().role == Role.MARKETING
    assert not a_user().is_superuser


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def _without_tokens(text: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)
