"""What is held of somebody, what they allowed, and their being forgotten."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.accounts.wording import here
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import Channel, Erasure, WhyErased, WhySuppressed
from passerelle.apps.people.privacy_consents import (
    consents_of,
    record_consent,
    why_no_contact,
)
from passerelle.apps.people.privacy_erasing import request_erasure
from passerelle.apps.people.privacy_export import everything_about
from passerelle.apps.people.privacy_forms import ConsentForm, ErasureForm
from passerelle.apps.people.privacy_suppression import is_suppressed, lift_suppression, suppress
from passerelle.apps.people.queries import visible_leads

SHOWN = 100


@requires(Right.PRIVACY)
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Who was forgotten when, and how far each store has come; nobody is named."""
    erasures = Erasure.objects.select_related("requested_by").order_by("-pk")[:SHOWN]
    return render(request, "people/privacy_requests.html", {"erasures": erasures})


@requires(Right.PRIVACY)
@never_cache
@require_GET
def privacy(request: HttpRequest, key: str) -> HttpResponse:
    """What somebody allowed, and what can be done for them."""
    lead = _lead(signed_in(request), key)
    return _show(request, lead, ConsentForm(), ErasureForm(lead=lead))


@requires(Right.PRIVACY)
@require_POST
def consent(request: HttpRequest, key: str) -> HttpResponse:
    """Write down a yes or a no."""
    lead = _lead(signed_in(request), key)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _show(request, lead, form, ErasureForm(lead=lead))
    data = form.cleaned_data
    record_consent(
        lead,
        channel=data["channel"],
        given=data["answer"] == "yes",
        wording=data["wording"],
        place=data["place"],
        by=signed_in(request),
        now=timezone.now(),
    )
    messages.success(request, here("privacy.consent.recorded"))
    return redirect("privacy:lead", key=lead.key)


@requires(Right.PRIVACY)
@require_POST
def list_suppressed(request: HttpRequest, key: str) -> HttpResponse:
    """Put somebody on the list of those not to be contacted, or take them off it."""
    lead = _lead(signed_in(request), key)
    by, now = signed_in(request), timezone.now()
    if request.POST.get("wish") == "lift":
        lift_suppression(lead, by=by, now=now)
        messages.success(request, here("privacy.suppression.lifted"))
    else:
        suppress(lead, why=WhySuppressed.ASKED, by=by, now=now)
        messages.success(request, here("privacy.suppression.done"))
    return redirect("privacy:lead", key=lead.key)


@requires(Right.PRIVACY)
@never_cache
@require_GET
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that is held of somebody, as a file for them."""
    lead, now = _lead(signed_in(request), key), timezone.now()
    record_deed(signed_in(request), "privacy.exported", subject=f"lead:{lead.key}", now=now)
    text = json.dumps(everything_about(lead, now=now), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{lead.key}.json"'
    return response


@requires(Right.PRIVACY)
@require_POST
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """Forget somebody, for good."""
    lead = _lead(signed_in(request), key)
    form = ErasureForm(request.POST, lead=lead)
    if not form.is_valid():
        return _show(request, lead, ConsentForm(), form)
    request_erasure(lead, why=WhyErased.ASKED, by=signed_in(request), now=timezone.now())
    messages.success(request, here("privacy.erase.requested"))
    return redirect("privacy:requests")


def _lead(user: User, key: str) -> Lead:
    return get_object_or_404(visible_leads(user), key=key)


def _show(
    request: HttpRequest, lead: Lead, consent_form: ConsentForm, erasure_form: ErasureForm
) -> HttpResponse:
    contact = []
    for channel in Channel:
        why = why_no_contact(lead, channel)
        said = here(f"privacy.no_contact.{why}") if why else ""
        contact.append({"name": here(f"privacy.channel.{channel}"), "why": said})
    context = {
        "lead": lead,
        "contact": contact,
        "consents": consents_of(lead),
        "is_suppressed": is_suppressed(lead),
        "consent_form": consent_form,
        "erasure_form": erasure_form,
    }
    return render(request, "people/privacy.html", context)
