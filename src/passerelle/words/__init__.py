"""Every sentence a person reads, in French and in English, by key.

The catalogues `en/AREA.toml` and `fr/AREA.toml` hold the same keys with the same placeholders;
a test says so. A key reads `area.key` or `area.table.key`. A sentence that depends on a number
has a table with `one` and `other`.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")


def say(key: str, language: Language, /, **data: object) -> str:
    """The sentence `key` in `language`, filled in with `data`.

    A sentence with `one` and `other` forms chooses by `data["n"]`; French counts 0 and 1 as one.

    Raises:
        KeyError: the catalogue has no such key, or `data` lacks a placeholder.
    """
    area, *parts = key.split(".")
    entry: Any = catalogue(area, language)
    for part in parts:
        entry = entry[part]
    if isinstance(entry, dict):
        entry = entry["one" if _is_singular(data["n"], language) else "other"]
    return str(entry).format(**data)


@cache
def catalogue(area: str, language: Language) -> dict[str, Any]:
    """The sentences of one area in one language, as nested tables."""
    return tomllib.loads(files(__package__).joinpath(language, f"{area}.toml").read_text("utf-8"))


def preferred_language() -> Language:
    """The language of the person at this terminal, from PASSERELLE_LANGUAGE, then the locale."""
    for name in ("PASSERELLE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def _is_singular(n: object, language: Language) -> bool:
    number = abs(float(str(n)))
    return number < 2 if language == "fr" else number == 1
