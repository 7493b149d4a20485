"""One lead."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.people.queries import visible_leads


@require_GET
@requires(Right.SEE_LEADS)
def lead(request: HttpRequest, key: str) -> HttpResponse:
    """One lead."""
    one = get_object_or_404(visible_leads(cast(User, request.user)), key=key)
    return render(request, "desk/lead.html", {"lead": one})
