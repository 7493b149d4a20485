"""Every address of the project, with something to fill its parts in, and who may go there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from passerelle.apps.accounts.rights import Right

PUBLIC = frozenset(
    {
        # signing in and out, and what belongs to it; django-allauth guards what needs a session
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_confirm_login_code",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_trust",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "usersessions_list",
        "socialaccount_connections",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "socialaccount_signup",
        "openid_connect_login",
        "openid_connect_callback",
        # old addresses of django-allauth, which lead to the ones above
        "/accounts/social/connections/",
        "/accounts/social/login/cancelled/",
        "/accounts/social/login/error/",
        "/accounts/social/signup/",
        # links that are their own proof
        "accounts:begin",
        "accounts:join",
        # how pages look, for everybody who looks at them
        "shell:language",
        "shell:theme",
        # what machines ask: alive, ready, counted (guarded by address or token)
        "health_live",
        "health_ready",
        "metrics",
    }
)
"""Views that ask for no right. Whoever adds one says here why it is for everybody."""


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    path: str
    right: Right | None


def every_address() -> list[Address]:
    return sorted(_below(get_resolver(), "/", ""), key=lambda address: address.path)


def _below(resolver: URLResolver, prefix: str, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (space, pattern.namespace) if part)
            yield from _below(pattern, prefix + _filled(pattern), inner)
        else:
            name = ":".join(part for part in (space, pattern.name) if part)
            right = getattr(pattern.callback, "right", None)
            yield Address(name or prefix + _filled(pattern), prefix + _filled(pattern), right)


def _filled(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    known = {"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "1-set-password/"}
    for regex, example in known.items():
        route = route.replace(regex, example)
    for name, converter in pattern.pattern.converters.items():
        for spelt in ("int", "str", "slug", "path", "uuid"):
            route = route.replace(f"<{spelt}:{name}>", _example(converter))
        route = route.replace(f"<{name}>", _example(converter))
    return (
        route.lstrip("^")
        .removesuffix("$")
        .replace(r"(?P<key>[-:\w]+)", "key")
        .replace("(?P<provider_id>[^/]+)", "company")
    )


def _example(converter: Any) -> str:
    if isinstance(converter, UUIDConverter):
        return "00000000-0000-0000-0000-000000000000"
    return "999999" if isinstance(converter, IntConverter) else "nothing"
