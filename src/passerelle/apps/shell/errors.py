"""Pages for what goes wrong: what it is, and what to do next."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from passerelle.apps.shell.language import current_language
from passerelle.words import say

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that makes no sense, or is larger than allowed."""
    return error_page(request, 413 if isinstance(exception, _TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Somebody may not do this."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Nothing stands here, or nothing that this reader may see."""
    return error_page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours; the page asks neither the database nor the session."""
    return error_page(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """A form without the token that shows it to be ours."""
    return error_page(request, 403, kind="csrf")


def error_page(request: HttpRequest, status: int, *, kind: str = "") -> HttpResponse:
    """The page for a status; `kind` where one status has several reasons."""
    language, key = current_language(), kind or str(status)
    page = render_to_string(
        "shell/error.html",
        {
            "status": status,
            "title": say(f"shell.error.{key}.title", language),
            "remedy": say(f"shell.error.{key}.remedy", language),
            "theme": request.COOKIES.get("passerelle_theme", ""),
        },
    )
    return HttpResponse(page, status=status)
