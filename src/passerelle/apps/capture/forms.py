"""What people fill in about a source."""

from __future__ import annotations

from django import forms

from passerelle.apps.capture.models import Source
from passerelle.apps.capture.origins import (
    MOST_ORIGINS,
    BadOrigin,
    TooManyOrigins,
    read_origins,
)
from passerelle.apps.shell.language import current_language
from passerelle.words import say


class SourceForm(forms.Form):
    """A source's name and the sites that may send; its words are those of the reader."""

    name = forms.CharField(max_length=120)
    origins = forms.CharField(
        max_length=10_000,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "placeholder": "https://www.example.com"}
        ),
    )

    @classmethod
    def of(cls, source: Source) -> SourceForm:
        """Filled in with what a source has now."""
        return cls(initial={"name": source.name, "origins": "\n".join(source.origins)})

    def clean_origins(self) -> list[str]:
        """The sites as a browser names them."""
        language = current_language()
        try:
            return read_origins(self.cleaned_data["origins"])
        except BadOrigin as bad:
            line = str(bad)[:80]
            raise forms.ValidationError(
                say("sources.form.bad_origin", language, line=line)
            ) from None
        except TooManyOrigins:
            raise forms.ValidationError(
                say("sources.form.too_many_origins", language, most=MOST_ORIGINS)
            ) from None
