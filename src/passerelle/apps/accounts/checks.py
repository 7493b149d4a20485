"""Settings that would make signing in unsafe or impossible, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

LOCAL = {"localhost", "127.0.0.1", "::1", ""}
SHORT = 32


@register(Tags.security)
def check_accounts(**_: Any) -> list[CheckMessage]:
    """Everything that is wrong with the settings of signing in."""
    return [*_secret(), *_https(), *_proxies(), *_single_sign_on(), *_debug()]


def _secret() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < SHORT and not settings.DEBUG:
        yield Error(
            f"secret_key has fewer than {SHORT} characters.",
            hint="Leave it out (one is made, kept in the data folder) or give a long random one.",
            id="accounts.E001",
        )


def _https() -> Iterator[CheckMessage]:
    url = urlsplit(settings.PUBLIC_URL)
    if url.scheme == "https" and not settings.SESSION_COOKIE_SECURE:
        yield Error(
            "public_url begins with https but https is not set: cookies go out unprotected.",
            hint="Set https = true (PASSERELLE_HTTPS=1).",
            id="accounts.E002",
        )
    if settings.PUBLIC_URL and url.scheme not in {"http", "https"}:
        yield Error(
            f"public_url is no address: {settings.PUBLIC_URL!r}.",
            hint="Write it whole, such as https://leads.example.com.",
            id="accounts.E003",
        )
    if url.scheme == "http" and (url.hostname or "") not in LOCAL:
        yield checks.Warning(
            "public_url begins with http: passwords and personal data travel in the clear.",
            hint="Put a proxy with a certificate before it, and set https = true.",
            id="accounts.W001",
        )


def _proxies() -> Iterator[CheckMessage]:
    for proxy in settings.TRUSTED_PROXIES:
        try:
            network = ip_network(proxy, strict=False)
        except ValueError:
            yield Error(
                f"trusted_proxies: {proxy!r} is neither an address nor a network.",
                hint="Write addresses such as 10.0.0.5, or networks such as 10.0.0.0/8.",
                id="accounts.E004",
            )
            continue
        if network.prefixlen == 0:
            yield Error(
                f"trusted_proxies: {proxy} trusts everybody, so that anybody may give any address.",
                hint="Name the addresses of your proxies alone.",
                id="accounts.E005",
            )


def _single_sign_on() -> Iterator[CheckMessage]:
    url = settings.SINGLE_SIGN_ON_URL
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.hostname or "") not in LOCAL:
        yield Error(
            f"single_sign_on_url is no https address: {url!r}.",
            hint="Write the issuer of your provider, such as https://login.example.com/realms/us.",
            id="accounts.E006",
        )
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    if not app["client_id"] or not app["secret"]:
        yield Error(
            "single_sign_on_url is set, but single_sign_on_id or single_sign_on_secret is not.",
            hint="Register Passerelle at your provider and set both.",
            id="accounts.E007",
        )


def _debug() -> Iterator[CheckMessage]:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if settings.DEBUG and host not in LOCAL:
        yield Error(
            "debug is on at a public address: error pages would show settings and data.",
            hint="Set debug = false.",
            id="accounts.E008",
        )
