"""Opens and clicks that no person made: a mail gateway follows links before anybody reads.

Two signs, both looked for among one recipient's mail events: something opened or clicked within
seconds of the delivery, and many different links clicked at once. Only what a person cannot have
done is marked; the events stay in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from passerelle.apps.capture.models import Robot

AFTER_DELIVERY = timedelta(seconds=5)
AT_ONCE = timedelta(seconds=5)
LINKS_AT_ONCE = 3

SENT = "email_sent"
OPENED = "email_opened"
CLICKED = "email_clicked"
MAIL_NAMES = frozenset({SENT, OPENED, CLICKED})
AROUND = max(AFTER_DELIVERY, AT_ONCE)  # how far from an event its neighbours matter


@dataclass(frozen=True, slots=True)
class MailEvent:
    """One mail event of one recipient; `link` is what was clicked."""

    key: str
    name: str
    occurred_at: datetime
    link: str = ""


def link_of(properties: Mapping[str, object]) -> str:
    """The address that was clicked, wherever a provider says so."""
    for name in ("link", "link_url", "url", "href"):
        if isinstance(given := properties.get(name), str) and given:
            return given
    return ""


def done_by_gateways(events: Iterable[MailEvent]) -> dict[str, Robot]:
    """The keys of those that a gateway did, among the mail events of one recipient."""
    ordered = sorted(events, key=lambda e: (e.occurred_at, e.key))
    sent = [e.occurred_at for e in ordered if e.name == SENT]
    acts = [e for e in ordered if e.name in (OPENED, CLICKED)]
    found = {
        e.key for e in acts if any(timedelta() <= e.occurred_at - s < AFTER_DELIVERY for s in sent)
    }
    found |= _bursts([e for e in acts if e.name == CLICKED])
    return dict.fromkeys(found, Robot.MAIL_SECURITY)


def _bursts(clicks: Sequence[MailEvent]) -> set[str]:
    found: set[str] = set()
    for n, first in enumerate(clicks):
        together = [e for e in clicks[n:] if e.occurred_at - first.occurred_at < AT_ONCE]
        if len({e.link for e in together if e.link}) >= LINKS_AT_ONCE:
            found |= {e.key for e in together}
    return found
