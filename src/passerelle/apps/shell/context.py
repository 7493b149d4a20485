"""What every page is told: when it is made, in which zone, in which theme."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import get_current_timezone_name

from passerelle import __version__
from passerelle.apps.shell.choices import THEME_COOKIE, THEMES


def page(request: HttpRequest) -> dict[str, Any]:
    """The parts of the context that the shell's own templates ask for."""
    return {
        "now": datetime.now(UTC),
        "zone": get_current_timezone_name(),
        "theme": _theme(request),
        "version": __version__,
    }


def _theme(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.theme)
    wanted = request.COOKIES.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else ""
