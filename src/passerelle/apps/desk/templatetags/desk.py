"""What pages of leads say of one: how it is called, where it stands, what a column holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from passerelle.apps.desk import columns
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.causes import cause_of
from passerelle.apps.desk.morning import Task
from passerelle.apps.desk.stages import stage_mark
from passerelle.apps.people.models import Lead
from passerelle.apps.people.queries import FieldValue
from passerelle.apps.scoring.models import Transition
from passerelle.apps.shell.language import current_language
from passerelle.core.spoken import capital
from passerelle.report.naming import field_label
from passerelle.words import catalogue, say

register = template.Library()


@register.filter
def called(lead: Lead) -> str:
    """The name of a lead, else its address, else its key."""
    return lead.name or lead.email or lead.key


@register.filter
def told(lead: Lead, key: str) -> Any:
    """What the column of that key holds."""
    return columns.told(lead, key)


@register.simple_tag(takes_context=True)
def stage(context: template.Context, key: str) -> SafeString | str:
    """A stage as a coloured mark, under the agreement of the page or the one in force."""
    if not key:
        return ""
    agreement = context.get("agreement") or agreement_in_force()
    mark = stage_mark(agreement, key, current_language())
    return format_html('<span class="stage {}">{}</span>', mark.kind, mark.label)


@register.filter
def deed(name: str) -> str:
    """What an event is called: `asked for a demo`; a name of one's own stands as it is."""
    language = current_language()
    if name in catalogue("explain", language)["event"]:
        return capital(say(f"explain.event.{name}", language))
    if name in catalogue("desk", language)["deed"]:
        return say(f"desk.deed.{name}", language)
    return capital(name.replace("_", " "))


@register.filter
def task_title(task: Task) -> str:
    """What is to be done to set Passerelle up."""
    return say(f"desk.begin.{task.key}.title", current_language())


@register.filter
def task_why(task: Task) -> str:
    """What it is good for."""
    return say(f"desk.begin.{task.key}.why", current_language())


@register.simple_tag(takes_context=True)
def cause(context: template.Context, move: Transition) -> str:
    """Why a lead moved, in a few words."""
    agreement = context.get("agreement") or agreement_in_force()
    return cause_of(move, agreement, current_language())


@register.filter
def section(key: str) -> str:
    """The heading of a part of an explanation."""
    return say(f"explain.section.{key}", current_language())


@register.filter
def spoken(sentence: str) -> SafeString:
    """A sentence of the core, what stands in it between backticks shown as code."""
    parts = enumerate(sentence.split("`"))
    told = (format_html("<code>{}</code>", part) if n % 2 else part for n, part in parts)
    return format_html_join("", "{}", ((part,) for part in told))


@register.filter
def field_name(name: str) -> str:
    """What a field is called."""
    return field_label(name, current_language())


@register.filter
def stage_title(key: str) -> str:
    """A stage by its name alone."""
    return stage_mark(agreement_in_force(), key, current_language()).label


@register.filter
def subject_kind(kind: str) -> str:
    """By what somebody is known."""
    return say(f"people.subject.{kind}", current_language())


@register.filter
def refusal(reason: str) -> str:
    """Why two names were not taken for one person."""
    return say(f"people.refusal.{reason}", current_language())


@register.filter
def only_title(kind: str) -> str:
    """What a filter of the timeline shows."""
    return say(f"desk.lead.only.{kind}", current_language())


@register.filter
def local_day(instant: datetime) -> date:
    """The date in the zone of the page."""
    return localtime(instant).date()


@register.filter
def stamp(instant: datetime) -> str:
    """The instant as an address has it."""
    return quote(instant.isoformat())


@register.filter
def plain(value: float) -> str:
    """A number as drawings have it, whatever the language."""
    return f"{value:g}"


@register.filter
def claim_kind(kind: str) -> str:
    """What somebody said about two names."""
    return say(f"desk.claim.{kind}", current_language())


@register.filter
def was_late(value: FieldValue) -> bool:
    """Whether a value was heard of a day or more after it held."""
    return value.received_at - value.occurred_at >= timedelta(days=1)


@register.filter
def touched(touch: Mapping[str, Any]) -> str:
    """How somebody came: the channel, the campaign, the page."""
    said = (touch.get(part) for part in ("campaign", "referrer", "path"))
    came = channel(str(touch.get("channel", "")))
    return " · ".join(str(part) for part in (came, *said) if part)


@register.filter
def channel(key: str) -> str:
    """The channel somebody came by; one that the trade has no word for stands as it is."""
    language = current_language()
    known = key in catalogue("people", language)["channel"]
    return say(f"people.channel.{key}", language) if known else key


@register.filter
def other_fields(lead: Lead) -> list[tuple[str, Any]]:
    """The fields of a lead that its page does not show elsewhere."""
    return [(name, value) for name, value in lead.fields.items() if name not in _SHOWN]


_SHOWN = frozenset(
    {"email", "first_name", "last_name", "name", "phone", "job_title", "company", "source"}
)


@register.filter
def channel_name(key: str) -> str:
    """A way of contacting somebody."""
    return say(f"privacy.channel.{key}", current_language())


@register.filter
def no_contact(why: str) -> str:
    """Why somebody may not be contacted."""
    return say(f"privacy.no_contact.{why}", current_language())
