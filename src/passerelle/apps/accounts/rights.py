"""Who may do what: one table of rights by role, asked by views, pages and the audit alike."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from passerelle.apps.accounts.models import Role, User

View = Callable[..., HttpResponseBase]


class Right(StrEnum):
    """Something that a view asks for; a view that asks for none is on the list of public ones."""

    OWN_ACCOUNT = "own_account"  # everybody who is signed in
    SEE_LEADS = "see_leads"
    CHANGE_LEADS = "change_leads"  # fields, tags, notes
    MOVE_LEADS = "move_leads"  # set a stage by hand
    MERGE_LEADS = "merge_leads"
    EXPORT_LEADS = "export_leads"
    IMPORT_LEADS = "import_leads"
    SEE_SOURCES = "see_sources"
    CHANGE_SOURCES = "change_sources"
    SEE_AGREEMENT = "see_agreement"
    PUBLISH_AGREEMENT = "publish_agreement"
    PRIVACY = "privacy"  # a person's export, erasure, suppression
    SEE_AUDIT = "see_audit"
    MANAGE_USERS = "manage_users"
    SETTINGS = "settings"
    USE_API = "use_api"  # tokens of one's own


_EVERYBODY = {Right.OWN_ACCOUNT, Right.SEE_LEADS, Right.SEE_AGREEMENT}
_SALES = _EVERYBODY | {Right.CHANGE_LEADS}
_MARKETING = _SALES | {
    Right.MERGE_LEADS,
    Right.EXPORT_LEADS,
    Right.IMPORT_LEADS,
    Right.SEE_SOURCES,
    Right.CHANGE_SOURCES,
    Right.USE_API,
}
_MANAGER = _MARKETING | {
    Right.MOVE_LEADS,
    Right.PUBLISH_AGREEMENT,
    Right.PRIVACY,
    Right.SEE_AUDIT,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MARKETING: frozenset(_MARKETING),
    Role.SDR: frozenset(_SALES),
    Role.EXECUTIVE: frozenset(_SALES),
    Role.MANAGER: frozenset(_MANAGER),
    Role.ADMINISTRATOR: frozenset(Right),
}


def may(user: object, right: Right) -> bool:
    """Whether somebody may do it; who is not signed in may nothing."""
    return isinstance(user, User) and user.is_active and right in RIGHTS[Role(user.role)]


def requires(right: Right) -> Callable[[View], View]:
    """A view for those who may; others are sent to sign in, or refused with 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            if not may(request.user, right):
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # the permission matrix reads it
        return guarded

    return guard


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    # htmx would put the sign-in page into a corner of this one: it is told to leave it
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url("account_login")})
    return redirect_to_login(request.get_full_path())
