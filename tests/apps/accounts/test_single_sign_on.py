"""Signing in at the company's own provider, which is played here by a small one."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.test import Client
from django.utils import timezone

from passerelle.apps.accounts.actions import invite
from passerelle.apps.accounts.models import Invitation, Role, User
from tests.apps.accounts.desk import a_user, an_administrator

ISSUER = "https://login.acme.example"


class Provider:
    """Answers what an OpenID Connect provider answers; `says` is what it tells of a person."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = {}

    def __call__(self, session: Any, method: str, url: str, **how: Any) -> requests.Response:
        match urlsplit(url).path:
            case "/.well-known/openid-configuration":
                body: dict[str, Any] = {
                    "issuer": ISSUER,
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "userinfo_endpoint": f"{ISSUER}/userinfo",
                    "jwks_uri": f"{ISSUER}/keys",
                }
            case "/token":
                told = {
                    "iss": ISSUER,
                    "aud": "passerelle",
                    "exp": 4102444800,
                    "iat": 0,
                    **self.says,
                }
                body = {
                    "access_token": "access",
                    "token_type": "Bearer",
                    "id_token": jwt.encode(told, "provider-secret-provider-secret-1", "HS256"),
                }
            case _:
                body = self.says
        response = requests.Response()
        response.status_code = 200
        response._content = json.dumps(body).encode()
        response.headers["Content-Type"] = "application/json"
        return response


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    app = {
        "provider_id": "company",
        "name": "Acme",
        "client_id": "passerelle",
        "secret": "s",
        "settings": {"server_url": ISSUER, "fetch_userinfo": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    played = Provider()
    monkeypatch.setattr(requests.Session, "request", lambda *a, **k: played(*a, **k))
    return played


def _come(provider: Provider, **says: Any) -> Client:
    provider.says = {"sub": "42", "email_verified": True, **says}
    client = Client()
    sent = client.post("/accounts/oidc/company/login/?process=login")
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert sent["Location"].startswith(f"{ISSUER}/authorize")
    assert asked["code_challenge_method"] == ["S256"]
    client.get("/accounts/oidc/company/login/callback/", {"code": "c", "state": asked["state"][0]})
    return client


def test_a_user_comes_in_by_a_verified_address(provider: Provider) -> None:
    user = a_user(email="ada@acme.example")

    client = _come(provider, email="ada@acme.example")

    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_address_that_is_not_verified_opens_nothing(provider: Provider) -> None:
    a_user(email="ada@acme.example")

    client = _come(provider, email="ada@acme.example", email_verified=False)

    assert "_auth_user_id" not in client.session


def test_somebody_invited_comes_in_with_their_role_and_without_a_password(
    provider: Provider,
) -> None:
    by = an_administrator()
    invite("m@acme.example", role=Role.SDR, team=None, language="fr", by=by, now=timezone.now())

    client = _come(provider, email="M@acme.example", name="Marc")

    user = User.objects.get(email="m@acme.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.role, user.name, user.has_usable_password()) == (Role.SDR, "Marc", False)
    assert Invitation.objects.get().accepted_at is not None


def test_a_stranger_stays_outside(provider: Provider) -> None:
    client = _come(provider, email="eve@evil.example")

    assert "_auth_user_id" not in client.session
    assert not User.objects.exists()


def test_somebody_switched_off_stays_outside(provider: Provider) -> None:
    a_user(email="ada@acme.example", is_active=False)

    client = _come(provider, email="ada@acme.example")

    assert "_auth_user_id" not in client.session
