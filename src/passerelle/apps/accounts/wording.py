"""Words that are said when a form is shown, in the reader's language, not when it is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import lazy

from passerelle.apps.accounts.models import Role, Scope
from passerelle.apps.shell.language import current_language
from passerelle.words import LANGUAGES, say


def here(key: str, **data: object) -> str:
    """The sentence, in the reader's language."""
    return say(key, current_language(), **data)


later = lazy(here, str)
if TYPE_CHECKING:
    later = here


def roles() -> list[tuple[str, str]]:
    """Every role with its name."""
    return [(role.value, here(f"accounts.role.{role.value}")) for role in Role]


def scopes() -> list[tuple[str, str]]:
    """Every scope of a token with its name."""
    return [(scope.value, here(f"accounts.scope.{scope.value}")) for scope in Scope]


def languages() -> list[tuple[str, str]]:
    """The languages, each in its own."""
    return [(language, say("accounts.language", language)) for language in LANGUAGES]


def themes() -> list[tuple[str, str]]:
    """How pages may look; empty: as the device says."""
    return [
        ("", here("accounts.theme.device")),
        ("light", here("accounts.theme.light")),
        ("dark", here("accounts.theme.dark")),
    ]


def deed(action: str) -> str:
    """What a line of the trail says; a deed that has no words is shown by its code."""
    try:
        return here(f"accounts.deed.{action}")
    except (KeyError, TypeError):
        return action
