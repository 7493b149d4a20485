"""What pages of leads say of one: how it is called, where it stands, what a column holds."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from passerelle.apps.desk import columns
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.causes import cause_of
from passerelle.apps.desk.morning import Task
from passerelle.apps.desk.stages import stage_mark
from passerelle.apps.people.models import Lead
from passerelle.apps.scoring.models import Transition
from passerelle.apps.shell.language import current_language
from passerelle.core.spoken import capital
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
    return name.replace("_", " ")


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
