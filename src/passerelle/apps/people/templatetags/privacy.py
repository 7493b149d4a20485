"""What channels and reasons are called: `{% channel_name consent.channel %}`."""

from __future__ import annotations

from django import template

from passerelle.apps.accounts.wording import here

register = template.Library()


@register.simple_tag(name="channel_name")
def channel_name(channel: str) -> str:
    """What a way of contact is called."""
    return here(f"privacy.channel.{channel}")


@register.simple_tag(name="why_erased")
def why_erased(why: str) -> str:
    """What made an erasure necessary."""
    return here(f"privacy.why.{why}")
