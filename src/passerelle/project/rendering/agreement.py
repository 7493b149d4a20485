"""An agreement in plain sentences, section by section."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from passerelle.core.agreement import Agreement
from passerelle.core.sentences import describe
from passerelle.words import Language


def description_parts(agreement: Agreement, language: Language) -> Iterator[RenderableType]:
    """The title, then each section with its sentences."""
    description = describe(agreement, language)
    yield Text(description.title, style="bold")
    for section in description.sections:
        yield Text(f"\n{section.title}", style="bold")
        for sentence in section.sentences:
            yield bulleted(sentence)


def bulleted(sentence: str) -> Table:
    """One sentence of several, wrapped under itself."""
    row = Table.grid(padding=(0, 1))
    row.add_column(width=2, justify="right")
    row.add_column(overflow="fold")
    row.add_row("•", Text(sentence))
    return row
