"""Small drawings and words of the sources' pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from passerelle.apps.shell.language import current_language
from passerelle.words import say

register = template.Library()

_STEP = 6


@register.simple_tag
def day_bars(counts: Sequence[int]) -> SafeString:
    """A bar a day, the last one today; said in words to those who do not see it."""
    most = max(counts, default=0)
    heights = [0 if not n else max(1.0, round(20 * n / most, 1)) for n in counts]
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="4" height="{}" rx="1"></rect>',
        ((nth * _STEP, 20 - height, height) for nth, height in enumerate(heights)),
    )
    said = say("sources.days", current_language(), n=len(counts), most=most)
    width = len(counts) * _STEP
    return format_html(
        '<svg class="day-bars" width="{}" height="20" viewBox="0 0 {} 20" role="img"'
        ' aria-label="{}">{}</svg>',
        width,
        width,
        said,
        bars,
    )


@register.simple_tag
def reason(key: str, part: str) -> str:
    """What a reason of dropping is called (`title`), what it means, what to do about it."""
    return say(f"sources.reason.{key}.{part}", current_language())


@register.simple_tag
def kind_name(key: str) -> str:
    """What a kind of event is called."""
    return say(f"sources.kind.{key}", current_language())


@register.simple_tag
def robot_name(key: str) -> str:
    """What a kind of robot is called."""
    return say(f"sources.robot.{key}", current_language())


@register.simple_tag
def client_note(client: str) -> str:
    """What to know about a client beside its code."""
    return say(f"sources.client.{client}", current_language())


@register.simple_tag
def consent_part(mode: str, part: str) -> SafeString:
    """What a mode of consent is called (`title`), and what it does (`text`)."""
    return _with_code(say(f"sources.consent.{mode}.{part}", current_language()))


def _with_code(sentence: str) -> SafeString:
    """A sentence of ours, what stands between backticks set as code."""
    return mark_safe(  # noqa: S308  # it was escaped before
        re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(sentence))
    )
