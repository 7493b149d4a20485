"""Pages tell time in the zone of the agreement in force, whose midnights move scores."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import sync_only_middleware

from passerelle.apps.desk.agreement import agreement_in_force

Answer = Callable[[HttpRequest], HttpResponse]


@sync_only_middleware
def agreement_zone(answer: Answer) -> Answer:
    """The middleware; without an agreement the installation's zone stands."""

    def in_zone(request: HttpRequest) -> HttpResponse:
        agreement = agreement_in_force() if request.user.is_authenticated else None
        if agreement is None:
            timezone.deactivate()
        else:
            timezone.activate(agreement.zone)
        return answer(request)

    return in_zone
