"""What matters this morning."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.rights import Right, requires


@require_GET
@requires(Right.SEE_LEADS)
def home(request: HttpRequest) -> HttpResponse:
    """What matters this morning."""
    return render(request, "desk/home.html", {})
