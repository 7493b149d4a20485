"""The page one opens in the morning."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from passerelle.apps.accounts.models import Role
from passerelle.apps.accounts.rights import Right, requires
from passerelle.apps.accounts.signed_in import signed_in
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.morning import Movement, hottest, movement, tasks, visitors
from passerelle.apps.desk.stages import ripe_stages, stage_mark
from passerelle.apps.shell.language import current_language
from passerelle.core.agreement import Agreement

_SALES = {Role.SDR, Role.EXECUTIVE}


@require_GET
@requires(Right.SEE_LEADS)
def home(request: HttpRequest) -> HttpResponse:
    """What matters this morning; before anything is set up, what to do first."""
    user, now = signed_in(request), datetime.now(UTC)
    agreement = agreement_in_force()
    todo = tasks(user)
    context: dict[str, Any] = {
        "now": now,
        "role": user.role,
        "sells": user.role in _SALES,
        "tasks": todo,
        "is_set_up": all(task.is_done for task in todo),
        "agreement": agreement,
        "visitors": visitors(user, now=now),
    }
    if agreement is not None:
        moves = movement(user, agreement, now=now)
        context |= {
            "moves": moves,
            "tiles": _tiles(agreement, moves),
            "hottest": hottest(user, agreement, now=now),
            "most": agreement.total.range[1],
        }
    return render(request, "desk/home.html", context)


@require_GET
@requires(Right.SEE_LEADS)
def live(request: HttpRequest) -> HttpResponse:
    """Who is on the sites now, for the home page to refresh."""
    user, now = signed_in(request), datetime.now(UTC)
    return render(request, "desk/live.html", {"now": now, "visitors": visitors(user, now=now)})


def _tiles(agreement: Agreement, moves: Movement) -> list[tuple[Any, int]]:
    language = current_language()
    return [
        (stage_mark(agreement, key, language), moves.reached[key]) for key in ripe_stages(agreement)
    ]
