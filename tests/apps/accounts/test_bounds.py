"""What bounds pages and requests: headers, cookies, sizes, addresses, checked settings."""

import asyncio
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client, RequestFactory

from passerelle.apps.accounts.addresses import client_address
from passerelle.apps.accounts.headers import content_security_policy
from passerelle.apps.accounts.models import Role
from passerelle.project.bounded import bounded
from tests.apps.accounts.desk import a_user, page, signed_in
from tests.apps.accounts.every_address import every_address


@pytest.mark.parametrize("path", ["/accounts/login/", "/settings/me/", "/settings/nothing/"])
def test_every_answer_bounds_what_the_page_may_do(path: str) -> None:
    headers = signed_in(a_user()).get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_signed_in_page_is_not_kept_by_shared_caches() -> None:
    assert "private" in signed_in(a_user()).get("/settings/me/").headers["Cache-Control"]


def test_the_policy_lets_a_form_lead_to_the_companys_sign_on(settings: Any) -> None:
    settings.SINGLE_SIGN_ON_URL = "https://login.acme.example/realms/us"

    assert "form-action 'self' https://login.acme.example;" in content_security_policy()


def test_no_page_needs_what_the_policy_forbids() -> None:
    client = signed_in(a_user(Role.ADMINISTRATOR))

    guilty = []
    for address in every_address():
        text = page(client.get(address.path)) if address.name != "account_logout" else ""
        if " style=" in text or "<style" in text or " onclick=" in text or "<script>" in text:
            guilty.append(address.path)

    assert guilty == []


def test_cookies_of_a_session_are_out_of_reach_for_scripts_and_other_sites() -> None:
    user = a_user(email="ada@acme.example")
    client = Client()

    client.post(
        "/accounts/login/", {"login": user.email, "password": "correct horse battery staple"}
    )

    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", [], "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", ["10.0.0.0/8"], "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", ["10.0.0.0/8"], "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", ["10.0.0.0/8"], "198.51.100.1"),
        ("10.0.0.1", "nonsense", ["10.0.0.0/8"], "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", ["10.0.0.0/8"], "2001:db8::1"),
        ("", "", [], "0.0.0.0"),
    ],
)
def test_an_address_is_believed_as_far_as_the_proxies_that_wrote_it_are_trusted(
    settings: Any, remote: str, forwarded: str, trusted: list[str], address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=remote)

    assert client_address(request) == address


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"SECRET_KEY": "short"}, "accounts.E001"),
        ({"PUBLIC_URL": "https://x.example"}, "accounts.E002"),
        ({"PUBLIC_URL": "x.example"}, "accounts.E003"),
        ({"PUBLIC_URL": "http://x.example"}, "accounts.W001"),
        ({"TRUSTED_PROXIES": ["proxy"]}, "accounts.E004"),
        ({"TRUSTED_PROXIES": ["0.0.0.0/0"]}, "accounts.E005"),
        ({"DEBUG": True, "PUBLIC_URL": "https://x.example"}, "accounts.E008"),
        ({"SINGLE_SIGN_ON_URL": "http://login.example"}, "accounts.E006"),
        ({"SINGLE_SIGN_ON_URL": "https://login.example"}, "accounts.E007"),
    ],
)
def test_an_unsafe_setting_is_found_with_what_to_do(
    settings: Any, changes: dict[str, Any], fault: str
) -> None:
    app = {"client_id": "", "secret": ""}
    settings.SECRET_KEY = "long enough " * 5
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    for name, value in changes.items():
        setattr(settings, name, value)

    found = {m.id: m for m in run_checks(tags=["security"]) if str(m.id).startswith("accounts.")}

    assert fault in found
    assert found[fault].hint


def test_good_settings_have_no_fault(settings: Any) -> None:
    settings.SECRET_KEY = "long enough " * 5
    settings.PUBLIC_URL = "https://leads.acme.example"
    settings.SESSION_COOKIE_SECURE = True
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    assert [m for m in run_checks(tags=["security"]) if str(m.id).startswith("accounts.")] == []


@pytest.mark.parametrize("length", [b"5000", None])
def test_a_request_that_is_too_large_is_refused_before_it_is_kept(length: bytes | None) -> None:
    headers = [(b"content-length", length)] if length else []

    assert _statuses([b"x" * 1000] * 5, headers) == [413]


def test_a_request_within_bounds_goes_through() -> None:
    assert _statuses([b"x" * 1000] * 3, []) == [200]


def _statuses(chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> list[int]:
    """What an application that reads everything answers below a bound of 4,000 bytes."""
    sent: list[int] = []
    left = list(chunks)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Any:
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    scope = {"type": "http", "headers": headers}
    asyncio.run(bounded(application, limit=4000)(scope, receive, send))
    return sent
