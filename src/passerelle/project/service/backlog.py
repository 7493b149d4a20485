"""How much waits to be done."""

from __future__ import annotations

from passerelle.apps.capture.models import Arrival
from passerelle.apps.people.models import Touched


def backlog() -> dict[str, int]:
    """How many rows wait, by the queue they wait in."""
    return {"arrivals": Arrival.objects.count(), "touched": Touched.objects.count()}
