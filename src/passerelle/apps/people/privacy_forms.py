"""The forms of privacy; what they say stands in the words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from passerelle.apps.accounts.wording import here, later
from passerelle.apps.people.models import Lead
from passerelle.apps.people.models_privacy import Channel
from passerelle.apps.people.privacy_consents import LONGEST_WORDING


def channels() -> list[tuple[str, str]]:
    """Every channel with its name."""
    return [(channel.value, here(f"privacy.channel.{channel.value}")) for channel in Channel]


def answers() -> list[tuple[str, str]]:
    """Yes and no."""
    return [("yes", here("privacy.consent.yes")), ("no", here("privacy.consent.no"))]


class ConsentForm(forms.Form):
    """What somebody said to one of us."""

    channel = forms.ChoiceField(label=later("privacy.consent.channel"), choices=channels)
    answer = forms.ChoiceField(label=later("privacy.consent.answer"), choices=answers)
    wording = forms.CharField(
        label=later("privacy.consent.wording"),
        help_text=later("privacy.consent.wording_hint"),
        max_length=LONGEST_WORDING,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.CharField(
        label=later("privacy.consent.place"),
        help_text=later("privacy.consent.place_hint"),
        max_length=500,
    )

    def clean_channel(self) -> Channel:
        """The channel itself."""
        return Channel(self.cleaned_data["channel"])


class ErasureForm(forms.Form):
    """Erasing cannot be undone: the address is typed, so that nobody is erased by a slip."""

    confirmation = forms.CharField(
        label=later("privacy.erase.confirmation"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = lead.email or lead.key

    def clean_confirmation(self) -> str:
        """What was typed, if it is right."""
        typed: str = self.cleaned_data["confirmation"].strip()
        if typed.lower() != self.wanted.lower():
            raise ValidationError(here("privacy.erase.differs"))
        return typed
