"""What is wrong with an installation's settings, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from passerelle.words import Language, say

SECRET = frozenset(
    {"secret_key", "database_url", "mail_password", "metrics_token", "single_sign_on_secret"}
)
"""Settings whose value is never shown."""

_CODES = {
    "int_parsing": "number",
    "int_from_float": "number",
    "int_type": "number",
    "greater_than_equal": "limits",
    "less_than_equal": "limits",
    "literal_error": "choice",
    "bool_parsing": "boolean",
    "bool_type": "boolean",
    "no_database": "database",
    "no_zone": "zone",
    "no_address": "address",
    "no_url": "url",
}


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One thing that is wrong: the key of its sentence, and what fills it in."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)

    def says(self, language: Language) -> str:
        """What is wrong and what to do about it."""
        return say(f"settings.fault.{self.code}", language, **self.data)


class WrongSettings(Exception):
    """The settings cannot be used; `faults` holds everything that is wrong with them."""

    def __init__(self, faults: Iterable[SettingFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(fault.says("en") for fault in self.faults)


def faults_of(invalid: ValidationError, variable: Callable[[str], str]) -> list[SettingFault]:
    """What pydantic found, a fault a setting."""
    return [_fault(error, variable) for error in invalid.errors(include_url=False)]


def unreadable(code: str, file: str, detail: str, known: Collection[str] = ()) -> SettingFault:
    """A fault of the file itself, or of a name in it."""
    near = get_close_matches(detail, known, n=1, cutoff=0.6)
    if near:
        return SettingFault("misspelt", {"file": file, "name": detail, "near": near[0]})
    return SettingFault(code, {"file": file, "detail": detail})


def _fault(error: Any, variable: Callable[[str], str]) -> SettingFault:
    place = str(error["loc"][0]) if error["loc"] else ""
    setting = place.removeprefix(variable("")).lower() if place.isupper() else place
    name = place if place.isupper() else variable(place)
    code = _CODES.get(error["type"], "unusable")
    found = "…" if setting in SECRET else str(error.get("input", ""))[:80]
    context = error.get("ctx") or {}
    known = str(context.get("expected", "")).replace("'", "`").replace(" or ", ", ")
    return SettingFault(code, {"name": name, "found": found, "known": known})
