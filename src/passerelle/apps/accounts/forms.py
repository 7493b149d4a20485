"""The forms of accounts; what they say stands in the words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from passerelle.apps.accounts.models import Invitation, Role, Scope, Team, User
from passerelle.apps.accounts.wording import languages, later, roles, scopes, themes

PASSWORD_MAX = 200
"""A password is hashed slowly; a longer one would cost more time than it adds."""


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=later("accounts.field.email"))
    role = forms.ChoiceField(label=later("accounts.field.role"), choices=roles)
    team = forms.ModelChoiceField(
        Team.objects.all(),
        required=False,
        label=later("accounts.field.team"),
        empty_label=later("accounts.no_team"),
    )
    language = forms.ChoiceField(label=later("accounts.field.language"), choices=languages)

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class UserForm(forms.Form):
    """What an administrator may change of somebody."""

    role = forms.ChoiceField(label=later("accounts.field.role"), choices=roles)
    team = forms.ModelChoiceField(
        Team.objects.all(),
        required=False,
        label=later("accounts.field.team"),
        empty_label=later("accounts.no_team"),
    )

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class JoinForm(forms.Form):
    """What somebody who was invited says of themselves."""

    email = forms.EmailField(label=later("accounts.field.email"))
    name = forms.CharField(label=later("accounts.field.name"), max_length=120)
    language = forms.ChoiceField(label=later("accounts.field.language"), choices=languages)
    password = forms.CharField(
        label=later("accounts.field.password"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy(password_validators_help_text_html, str)(),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.email:  # the address is the invitation's, whoever opens the link
            del self.fields["email"]
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules, and against who the person is."""
        data = super().clean() or {}
        person = User(email=data.get("email", self.invitation.email), name=data.get("name", ""))
        if password := data.get("password"):
            try:
                validate_password(password, person)
            except ValidationError as faults:
                self.add_error("password", faults)
        return data


class OwnForm(forms.Form):
    """What everybody may change of themselves."""

    name = forms.CharField(label=later("accounts.field.name"), max_length=120)
    language = forms.ChoiceField(label=later("accounts.field.language"), choices=languages)
    theme = forms.ChoiceField(label=later("accounts.field.theme"), choices=themes, required=False)


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=later("accounts.field.team_name"), max_length=120)


class TokenForm(forms.Form):
    """What a token is for and how far it reaches."""

    name = forms.CharField(
        label=later("accounts.field.token_name"),
        max_length=120,
        help_text=later("accounts.tokens.name_hint"),
    )
    scope = forms.ChoiceField(label=later("accounts.field.scope"), choices=scopes)
    days = forms.IntegerField(
        label=later("accounts.field.days"),
        min_value=1,
        max_value=3650,
        required=False,
        help_text=later("accounts.tokens.days_hint"),
    )

    def clean_scope(self) -> Scope:
        """The scope itself."""
        return Scope(self.cleaned_data["scope"])


class AuditForm(forms.Form):
    """What of the trail to show; each part may be left out."""

    user = forms.ModelChoiceField(
        User.objects.order_by("name", "email"),
        required=False,
        label=later("accounts.audit.user"),
        empty_label=later("accounts.audit.anybody"),
    )
    action = forms.CharField(required=False, max_length=60, label=later("accounts.audit.action"))
    subject = forms.CharField(required=False, max_length=120, label=later("accounts.audit.subject"))
    since = forms.DateField(
        required=False,
        label=later("accounts.audit.since"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        required=False,
        label=later("accounts.audit.until"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
