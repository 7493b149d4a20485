"""Sentences that quote code, and points as the ledger writes them."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_QUOTED = re.compile(r"`([^`]+)`")


@register.filter
def coded(sentence: str) -> SafeString:
    """The sentence with what stands between backticks set as code."""
    quoted = _QUOTED.sub(r"<code>\1</code>", escape(sentence))
    return mark_safe(quoted)  # noqa: S308  # escaped in the line above
