"""What a reader chooses for all pages: the language, the theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from passerelle.words import LANGUAGES

THEME_COOKIE = "passerelle_theme"
THEMES = ("light", "dark")
_YEAR = 365 * 24 * 3600


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """French or English from now on: kept with the person, and by a cookie before signing in."""
    wanted = request.POST.get("language", "")
    if wanted not in LANGUAGES:
        return HttpResponseBadRequest()
    return _kept(request, "language", wanted, cookie=settings.LANGUAGE_COOKIE_NAME)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it."""
    wanted = request.POST.get("theme", "")
    if wanted not in ("", *THEMES):
        return HttpResponseBadRequest()
    return _kept(request, "theme", wanted, cookie=THEME_COOKIE)


def _kept(request: HttpRequest, field: str, value: str, *, cookie: str) -> HttpResponse:
    if request.user.is_authenticated:
        setattr(request.user, field, value)
        request.user.save(update_fields=[field])
    response = HttpResponseRedirect(_way_back(request))
    response.set_cookie(
        cookie, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


def _way_back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    here = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(there, here, require_https=request.is_secure())
    return there if is_ours else "/"
