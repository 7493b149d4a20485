"""The language of the person who looks at a page."""

from __future__ import annotations

from django.utils.translation import get_language

from passerelle.words import Language


def current_language() -> Language:
    """French or English, as Django chose for this request."""
    return "fr" if (get_language() or "").startswith("fr") else "en"
