"""Names, texts and paths of users made safe inside SQL; every statement of this room uses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace("\0", "").replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as a SQL string."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """`path` as a SQL string that DuckDB takes for this one file, whatever its name holds."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path.absolute())))


def any_of(texts: tuple[str, ...]) -> str:
    """A SQL list of strings, for `IN`."""
    return "(" + ", ".join(literal(text) for text in texts) + ")"


def first_filled(cells: list[str]) -> str:
    """The SQL of the first of some text cells that holds more than blanks."""
    if len(cells) < 2:
        return cells[0] if cells else "NULL"
    return "coalesce(" + ", ".join(f"nullif(trim({cell}), '')" for cell in cells) + ")"
