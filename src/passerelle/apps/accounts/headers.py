"""The headers that bound what a page may do in a browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_OFF = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
PERMISSIONS = ", ".join(f"{feature}=()" for feature in _OFF)


def content_security_policy() -> str:
    """What pages may load and where they may send: ourselves, nothing written into the page."""
    provider = urlsplit(settings.SINGLE_SIGN_ON_URL)
    sign_on = f" {provider.scheme}://{provider.netloc}" if provider.netloc else ""
    parts = [
        "default-src 'self'",
        "img-src 'self' data:",  # the code that an authenticator app photographs
        "object-src 'none'",
        "base-uri 'none'",
        f"form-action 'self'{sign_on}",  # signing in there begins with a form here
        "frame-ancestors 'none'",
    ]
    if settings.SESSION_COOKIE_SECURE:
        parts.append("upgrade-insecure-requests")
    return "; ".join(parts)


class HeadersMiddleware:
    """Puts the policy on every answer, and keeps signed-in pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of what stands below, with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
