"""What is done for the person behind each request: their language, and their second factor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.shell.language import current_language
from passerelle.words import say

Answer = Callable[[HttpRequest], HttpResponseBase]


class OwnLanguageMiddleware:
    """Speaks the language somebody chose; who chose none is left to cookie and browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, in their language."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            language = getattr(request.user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class SecondFactorMiddleware:
    """Sends those who must have a second factor (`two_factors`) to set one up, and nowhere else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or the way to the second factor."""
        if settings.TWO_FACTORS != "optional" and self._lacks_factor(request):
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(
                    status=403, headers={"HX-Redirect": reverse("mfa_activate_totp")}
                )
            messages.warning(request, say("accounts.factor.required", current_language()))
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _lacks_factor(self, request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User) or _is_signing_in(request.path):
            return False
        concerned = settings.TWO_FACTORS == "everybody" or user.role == Role.ADMINISTRATOR
        return concerned and not is_mfa_enabled(user)


def _is_signing_in(path: str) -> bool:
    # where factors are set up, one proves who one is, and signs out
    return path.startswith(reverse("account_login").removesuffix("login/"))
