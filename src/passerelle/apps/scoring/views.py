"""Pages of the agreement: the one in force, its versions, and publishing another."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, may, requires
from passerelle.apps.scoring import actions
from passerelle.apps.scoring.agreements import agreement_of, current_agreement
from passerelle.apps.scoring.drafts import MOST_CHARACTERS, Draft, examine
from passerelle.apps.scoring.models import PublishedAgreement
from passerelle.apps.scoring.showing import (
    gallery_cards,
    gallery_text,
    publication_of,
    version_lines,
)
from passerelle.apps.shell.language import current_language
from passerelle.core.differences import difference_sentences
from passerelle.core.sentences import describe
from passerelle.words import say


@require_GET
@requires(Right.SEE_AGREEMENT)
def agreement(request: HttpRequest) -> HttpResponse:
    """The agreement in force, in plain sentences; without one, the gallery to begin from."""
    current = current_agreement()
    may_publish = may(request.user, Right.PUBLISH_AGREEMENT)
    if current is None:
        cards = gallery_cards(current_language()) if may_publish else []
        context = {"cards": cards, "may_publish": may_publish}
        return render(request, "scoring/none.html", context)
    published, read = current
    context = {
        "published": published,
        "told": publication_of(published, current_language()),
        "description": describe(read, current_language()),
        "signatures": read.signatures,
        "may_publish": may_publish,
        "is_current": True,
    }
    return render(request, "scoring/agreement.html", context)


@require_GET
@requires(Right.SEE_AGREEMENT)
def versions(request: HttpRequest) -> HttpResponse:
    """Every version with who published it, who signed it, and how much it changed."""
    published = PublishedAgreement.objects.select_related("published_by")
    moved = published.annotate(moves=Count("transition")).order_by("-published_at", "-id")
    lines = version_lines(list(moved), current_language())
    return render(request, "scoring/versions.html", {"lines": lines})


@require_GET
@requires(Right.SEE_AGREEMENT)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, as it stood, with what it changed of the one before."""
    published = get_object_or_404(PublishedAgreement, pk=number)
    read, language = agreement_of(published), current_language()
    earlier = PublishedAgreement.objects.filter(published_at__lte=published.published_at)
    before = earlier.exclude(pk=published.pk).filter(pk__lt=published.pk).first()
    current = current_agreement()
    context = {
        "published": published,
        "told": publication_of(published, language),
        "description": describe(read, language),
        "signatures": read.signatures,
        "before": before,
        "changes": difference_sentences(agreement_of(before), read, language) if before else (),
        "is_current": current is not None and current[0].pk == published.pk,
        "may_publish": may(request.user, Right.PUBLISH_AGREEMENT),
    }
    return render(request, "scoring/agreement.html", context)


@require_GET
@requires(Right.SEE_AGREEMENT)
def download(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001  # as every view
    """The text of a version, as it was published."""
    published = get_object_or_404(PublishedAgreement, pk=number)
    name = f"{agreement_of(published).key}-{published.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(published.text, content_type="text/yaml; charset=utf-8", headers=headers)


@require_http_methods(["GET", "POST"])
@requires(Right.PUBLISH_AGREEMENT)
def publish(request: HttpRequest) -> HttpResponseBase:
    """A text to check; then what it says and changes; published once that is confirmed."""
    if request.method == "GET":
        return _form(request, _text_to_begin_with(request))
    text, refused = _text_sent(request)
    if refused:
        return _form(request, text, refused=refused, status=422)
    current = current_agreement()
    found = examine(text, None if current is None else current[1], current_language())
    if not isinstance(found, Draft):
        return _form(request, text, faulty=found, status=422)
    if "back" in request.POST:
        return _form(request, text)
    against = str(current[0].pk) if current else ""
    if "confirm" in request.POST and request.POST.get("against") == against:
        return _published(request, text)
    context = {
        "draft": found,
        "text": text,
        "against": against,
        "moved_on": "confirm" in request.POST,
    }
    return render(request, "scoring/confirm.html", context)


def _published(request: HttpRequest, text: str) -> HttpResponseBase:
    assert isinstance(request.user, User)  # `requires` lets nobody else in
    done = actions.publish(text, request.user, now=datetime.now(UTC))
    key = {"published": "done", "signed": "signed", "unchanged": "unchanged"}[done.outcome]
    version = done.published.version
    messages.success(request, say(f"agreements.publish.{key}", current_language(), version=version))
    return redirect("scoring:agreement")


def _form(
    request: HttpRequest,
    text: str,
    *,
    faulty: object = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"text": text, "faulty": faulty, "refused": refused, "most": f"{MOST_CHARACTERS:,}"}
    return render(request, "scoring/publish.html", context, status=status)


def _text_to_begin_with(request: HttpRequest) -> str:
    asked = request.GET.get("from")
    if asked is not None:
        text = gallery_text(asked)
        if text is None:
            raise Http404
        return text
    current = current_agreement()
    return "" if current is None else current[0].text


def _text_sent(request: HttpRequest) -> tuple[str, str]:
    """The text, from the file when there is one, and why it cannot be looked at."""
    language = current_language()
    text = request.POST.get("text", "").replace("\r\n", "\n")
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > 4 * MOST_CHARACTERS:
            return text, say("agreements.publish.too_large", language, most=MOST_CHARACTERS)
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            return text, say("agreements.publish.not_text", language)
    if len(text) > MOST_CHARACTERS:
        return "", say("agreements.publish.too_large", language, most=MOST_CHARACTERS)
    return text, "" if text.strip() else say("agreements.publish.empty", language)
