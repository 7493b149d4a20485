"""Sentences of the catalogue in a template: `{% say "desk.leads.title" n=3 %}`."""

from __future__ import annotations

from django import template

from passerelle.apps.shell.language import current_language
from passerelle.words import say as sentence

register = template.Library()


@register.simple_tag(name="say")
def say(key: str, **data: object) -> str:
    """The sentence in the reader's language; it is escaped as any value is."""
    return sentence(key, current_language(), **data)
