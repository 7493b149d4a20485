"""What events are called in agreements, whatever a client calls them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MOST = 120

_OF_CALLS = {
    "page": "page",
    "screen": "screen",
    "identify": "identified",
    "group": "grouped",
    "alias": "aliased",
}
# The names of published specifications and widespread clients, in snake case, for our own.
_OUR_NAMES = {
    "email_link_clicked": "email_clicked",
    "email_link_click": "email_clicked",
    "email_click": "email_clicked",
    "email_open": "email_opened",
    "email_delivered": "email_sent",
    "email_bounce": "email_bounced",
    "email_hard_bounced": "email_bounced",
    "email_reply": "email_replied",
    "email_replied_to": "email_replied",
    "unsubscribed": "email_unsubscribed",
    "unsubscribe": "email_unsubscribed",
    "email_unsubscribe": "email_unsubscribed",
    "email_list_unsubscribed": "email_unsubscribed",
    "form_submission": "form_submitted",
    "form_submit": "form_submitted",
    "submitted_form": "form_submitted",
    "file_downloaded": "download",
    "file_download": "download",
    "content_downloaded": "download",
    "asset_downloaded": "download",
    "document_downloaded": "download",
    "downloaded": "download",
    "webinar_attendee": "webinar_attended",
    "attended_webinar": "webinar_attended",
    "registered_for_webinar": "webinar_registered",
    "demo_booked": "demo_requested",
    "requested_demo": "demo_requested",
    "newsletter_subscription": "newsletter_subscribed",
    "subscribed_to_newsletter": "newsletter_subscribed",
    "live_chat_conversation_started": "chat_started",
    "trial_started": "trial_requested",
}
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHERS = re.compile(r"[^a-z0-9]+")


def name_of_call(call: str) -> str | None:
    """The name of a call that has no name of its own; None for `track`."""
    return _OF_CALLS.get(call)


@lru_cache(maxsize=4096)
def plain_name(given: str) -> str:
    """A name as agreements write it: snake case, without accents; empty if nothing is left."""
    flat = unicodedata.normalize("NFKD", given[: 4 * MOST]).encode("ascii", "ignore").decode()
    snake = _OTHERS.sub("_", _HUMPS.sub("_", flat).lower().replace("e-mail", "email")).strip("_")
    return _OUR_NAMES.get(snake, snake)[:MOST]
