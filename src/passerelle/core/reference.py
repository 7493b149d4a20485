"""The reference pages, written from the models and the words: `python -m …reference docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from passerelle.core.faults import FAULT_CODES
from passerelle.core.reference_faults import fault_page
from passerelle.core.reference_rules import rule_page
from passerelle.words import LANGUAGES


def pages() -> Mapping[str, str]:
    """The text of every generated page, by its path below `docs`."""
    return dict(_pages())


def _pages() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        suffix = ".fr.md" if language == "fr" else ".md"
        yield f"reference/rules{suffix}", rule_page(language)
        yield f"reference/faults{suffix}", fault_page(FAULT_CODES, language)


if __name__ == "__main__":
    for name, text in pages().items():
        path = Path(sys.argv[1]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
