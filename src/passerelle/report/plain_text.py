"""Texts out of users' data made harmless to look at: no control signs, no tricks of direction."""

from __future__ import annotations

import re
import unicodedata

MOST = 80
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINER = "\u200d"  # holds an emoji of several parts together


def plain(value: object, *, most: int = MOST) -> str:
    """The text in one line of at most `most` characters, signs that cannot be seen left out."""
    text = str(value)[: 4 * most]
    seen = (c if _is_seen(c) else " " if c.isspace() else "" for c in text)
    line = re.sub(" +", " ", "".join(seen)).strip()  # spaces that must not break stay as they are
    shortened = len(line) > most or len(str(value)) > len(text)
    return line[: most - 1].rstrip() + "…" if shortened else line


def _is_seen(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) not in _UNSEEN
