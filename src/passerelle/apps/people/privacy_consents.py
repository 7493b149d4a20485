"""What people allowed, with its proof, and whether somebody may be contacted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.capture.actions import Name, NewEvent, record_events
from passerelle.apps.capture.addresses import shortened
from passerelle.apps.capture.models import Event, EventKind
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import Channel, Consent
from passerelle.apps.people.privacy_suppression import is_suppressed

GIVEN, WITHDRAWN = "consent_given", "consent_withdrawn"
LONGEST_WORDING = 5_000

_UNSUBSCRIBING = {
    "unsubscribed": Channel.EMAIL,
    "email_unsubscribed": Channel.EMAIL,
    "email_complained": Channel.EMAIL,
    "email_marked_as_spam": Channel.EMAIL,
    "sms_unsubscribed": Channel.SMS,
}
"""Events of other systems that say no."""

NAMES = frozenset({GIVEN, WITHDRAWN, *_UNSUBSCRIBING})

_DURING_TIE = (Q(subject__ties__since=None) | Q(at__gte=F("subject__ties__since"))) & (
    Q(subject__ties__until=None) | Q(at__lt=F("subject__ties__until"))
)


class NoContact(StrEnum):
    """Why somebody may not be contacted; `privacy.no_contact.<value>` says it."""

    ERASED = "erased"
    SUPPRESSED = "suppressed"
    WITHDRAWN = "withdrawn"
    NO_CONSENT = "no_consent"
    NO_ADDRESS = "no_address"


def may_contact(lead: Lead, channel: Channel) -> bool:
    """Whether this person may be contacted that way, now."""
    return why_no_contact(lead, channel) is None


def why_no_contact(lead: Lead, channel: Channel) -> NoContact | None:
    """What forbids contacting this person that way; none if nothing does.

    A wish not to be contacted goes before a consent; where the installation asks for consent
    (`consent_needed`), silence is a no.
    """
    if lead.erased_at is not None:
        return NoContact.ERASED
    if is_suppressed(lead):
        return NoContact.SUPPRESSED
    latest = consents_of(lead).filter(channel=channel).first()
    if latest is not None and not latest.given:
        return NoContact.WITHDRAWN
    if latest is None and channel in settings.CONSENT_NEEDED:
        return NoContact.NO_CONSENT
    address = {Channel.EMAIL: lead.email, Channel.PHONE: lead.phone, Channel.SMS: lead.phone}
    return None if address.get(channel, "-") else NoContact.NO_ADDRESS


def consents_of(lead: Lead) -> QuerySet[Consent]:
    """Every yes and no of the person, the latest first."""
    found = Consent.objects.filter(_DURING_TIE, subject__ties__lead=lead)
    return found.select_related("by").distinct().order_by("-at", "-pk")


@transaction.atomic
def record_consent(
    lead: Lead,
    *,
    channel: Channel,
    given: bool,
    wording: str,
    place: str,
    by: User,
    now: datetime,
) -> None:
    """Write down what somebody said to one of us: on the telephone, on paper, at a fair."""
    from passerelle.apps.people.taking_in import settle_now  # noqa: PLC0415  # it keeps consents itself

    anchor = (lead.merged_into or lead).anchor
    assert anchor is not None
    message = uuid.uuid4().hex
    properties = {"channel": channel.value, "wording": wording, "place": place, "by": by.pk}
    event = NewEvent(
        kind=EventKind.ACT,
        name=GIVEN if given else WITHDRAWN,
        message_id=message,
        subject=Name(kind=anchor.kind, value=anchor.value),
        occurred_at=now,
        received_at=now,
        properties=properties,
    )
    record_events([event])
    rows = Event.objects.filter(subject=anchor, occurred_at=now, message_id=message)
    settle_now(list(rows.select_related("subject", "device")), now=now)
    deed = "privacy.consent_given" if given else "privacy.consent_withdrawn"
    details = {"channel": channel.value}
    record_deed(by, deed, subject=f"lead:{lead.key}", details=details, now=now)


def keep_consents(events: Iterable[Event]) -> None:
    """Keep a row for each yes and no among these events; once, however often it is called."""
    said = [event for event in events if event.name in NAMES and not event.robot]
    if said:
        rows = [row for event in said for row in _consents_in(event)]
        Consent.objects.bulk_create(rows, ignore_conflicts=True)


def _consents_in(event: Event) -> Iterator[Consent]:
    properties: dict[str, Any] = event.properties
    by = properties.get("by") if event.kind == EventKind.ACT else None
    for channel in _channels(event.name, properties.get("channel")):
        yield Consent(
            subject_id=event.subject_id,
            event_id=event.pk,
            channel=channel,
            given=event.name == GIVEN,
            wording=_text(properties.get("wording"), LONGEST_WORDING),
            place=_text(properties.get("place") or properties.get("url"), 500),
            address=shortened(_text(event.context.get("ip"), 45)),
            at=event.occurred_at,
            by_id=by if isinstance(by, int) and User.objects.filter(pk=by).exists() else None,
        )


def _channels(name: str, said: object) -> Sequence[Channel]:
    """The channels meant; who says no without saying to what says no to all, a yes is to mail."""
    if name in _UNSUBSCRIBING:
        return [_UNSUBSCRIBING[name]]
    if isinstance(said, str) and said.lower() in Channel.values:
        return [Channel(said.lower())]
    return list(Channel) if name == WITHDRAWN else [Channel.EMAIL]


def _text(value: object, longest: int) -> str:
    return value[:longest] if isinstance(value, str) else ""
