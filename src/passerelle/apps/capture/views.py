"""Pages of the sources: who sends, with which keys, how to begin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.capture import actions, queries
from passerelle.apps.capture.forms import SourceForm
from passerelle.apps.capture.models import Source, WriteKey
from passerelle.apps.capture.overview import dropped_today, source_lines
from passerelle.apps.capture.snippets import Consent, snippets
from passerelle.apps.shell.language import current_language
from passerelle.words import say


@require_GET
@requires(Right.SEE_SOURCES)
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with how it fares today."""
    now = datetime.now(UTC)
    archived = Source.objects.exclude(archived_at=None).order_by("name", "id")
    context = {
        "lines": source_lines(queries.open_sources(), now=now),
        "archived": archived,
        "without_source": dropped_today(now=now).get(None, 0),
        "may_change": may(request.user, Right.CHANGE_SOURCES),
    }
    return render(request, "capture/sources.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.CHANGE_SOURCES)
def new_source(request: HttpRequest) -> HttpResponseBase:
    """A form for a source that is not there yet; it leads to what to paste."""
    form = SourceForm(request.POST) if request.method == "POST" else SourceForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        source = actions.create_source(
            given["name"], origins=given["origins"], by=_user(request), now=datetime.now(UTC)
        )
        _tell(request, "sources.said.created", name=source.name)
        return redirect("capture:source", source.key)
    return render(request, "capture/new.html", {"form": form}, status=_status(form))


@require_GET
@requires(Right.SEE_SOURCES)
def source(request: HttpRequest, key: str) -> HttpResponse:
    """What to paste, and whether something has come in."""
    shown = get_object_or_404(Source, key=key)
    keys = queries.usable_keys(shown)
    consent = _consent(request)
    offered = (
        snippets(keys[0].key, url=public_url(request), consent=consent)
        if keys and not shown.archived_at
        else ()
    )
    chosen = next((s for s in offered if s.client == request.GET.get("client")), None)
    context = {
        **_about(request, shown),
        "snippets": offered,
        "chosen": chosen or (offered[0] if offered else None),
        "consent": consent,
        "consents": list(Consent),
    }
    return render(request, "capture/source.html", context)


@require_GET
@requires(Right.SEE_SOURCES)
def last_event(request: HttpRequest, key: str) -> HttpResponse:
    """The event that came in last: a part of the page, asked for again and again."""
    shown = get_object_or_404(Source, key=key)
    return render(request, "capture/last_event.html", _about(request, shown))


@require_http_methods(["GET", "POST"])
@requires(Right.CHANGE_SOURCES)
def source_settings(request: HttpRequest, key: str) -> HttpResponseBase:
    """The name, the sites that may send, the keys."""
    shown = get_object_or_404(Source, key=key)
    form = SourceForm(request.POST) if request.method == "POST" else SourceForm.of(shown)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.change_source(
            shown,
            name=given["name"],
            origins=given["origins"],
            by=_user(request),
            now=datetime.now(UTC),
        )
        _tell(request, "sources.said.changed")
        return redirect("capture:settings", shown.key)
    open_keys = queries.usable_keys(shown)
    context = {
        **_about(request, shown),
        "form": form,
        "keys": open_keys,
        "revoked": shown.keys.exclude(revoked_at=None).order_by("-revoked_at"),
        "only_key": len(open_keys) == 1,
    }
    return render(request, "capture/settings.html", context, status=_status(form))


@require_POST
@requires(Right.CHANGE_SOURCES)
def new_key(request: HttpRequest, key: str) -> HttpResponseBase:
    """One more key beside those there are."""
    shown = get_object_or_404(Source, key=key, archived_at=None)
    if len(queries.usable_keys(shown)) >= MOST_KEYS:
        _tell(request, "sources.said.too_many_keys", bad=True, most=MOST_KEYS)
    else:
        actions.rotate_key(shown, by=_user(request), now=datetime.now(UTC))
        _tell(request, "sources.said.key_made")
    return redirect("capture:settings", shown.key)


@require_POST
@requires(Right.CHANGE_SOURCES)
def revoke_key(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """Refuse what comes with a key from now on."""
    found = get_object_or_404(WriteKey, pk=number, source__key=key)
    if found.revoked_at is None:
        actions.revoke_key(found, by=_user(request), now=datetime.now(UTC))
    _tell(request, "sources.said.key_revoked")
    return redirect("capture:settings", key)


@require_POST
@requires(Right.CHANGE_SOURCES)
def archive(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take nothing more from a source, or take it again."""
    shown = get_object_or_404(Source, key=key)
    now = datetime.now(UTC)
    if "reopen" in request.POST:
        actions.reopen_source(shown, by=_user(request), now=now)
        _tell(request, "sources.said.reopened", name=shown.name)
        return redirect("capture:source", shown.key)
    if shown.archived_at is None:
        actions.archive_source(shown, by=_user(request), now=now)
    _tell(request, "sources.said.archived", name=shown.name)
    return redirect("capture:sources")


MOST_KEYS = 5


def public_url(request: HttpRequest) -> str:
    """Where clients reach the collector: as it is set, else as this page was asked for."""
    set_url: str = getattr(settings, "CAPTURE_PUBLIC_URL", "")
    return (set_url or f"{request.scheme}://{request.get_host()}").rstrip("/")


def _about(request: HttpRequest, shown: Source) -> dict[str, Any]:
    now = datetime.now(UTC)
    [line] = source_lines([shown], now=now)
    return {
        "source": shown,
        "line": line,
        "last": queries.last_event_of(shown),
        "may_change": may(request.user, Right.CHANGE_SOURCES),
        "now": now,
    }


def _consent(request: HttpRequest) -> Consent:
    try:
        return Consent(request.GET.get("consent", Consent.CONSENT))
    except ValueError:
        raise Http404 from None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _tell(request: HttpRequest, key: str, *, bad: bool = False, **data: object) -> None:
    level = messages.ERROR if bad else messages.SUCCESS
    messages.add_message(request, level, say(key, current_language(), **data))


def _status(form: SourceForm) -> int:
    return 422 if form.is_bound else 200
