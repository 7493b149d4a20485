"""Who is signed in, for views that have asked for a right."""

from __future__ import annotations

from django.http import HttpRequest

from passerelle.apps.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The user behind a request whose view is guarded by `requires`."""
    assert isinstance(request.user, User)
    return request.user
