"""The two streams of a run: results on one, everything about them on the other."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from passerelle.words import Language

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH_ELSEWHERE = 120
"""Columns where no terminal says how many it has: a file, a pipe, a log."""


@dataclass(frozen=True)
class Terminal:
    """Where a command speaks, and in which language."""

    language: Language
    quiet: bool = False

    def hushed(self, quiet: bool) -> Terminal:  # noqa: FBT001  # an option handed on as it is
        """The same, saying only results and failures when `quiet`."""
        return replace(self, quiet=quiet)

    def show(self, *parts: RenderableType) -> None:
        """Print results."""
        for part in parts:
            self._out.print(part, markup=False, highlight=False, soft_wrap=isinstance(part, str))

    def tell(self, *sentences: str) -> None:
        """Print what was done, beside the results; nothing when quiet."""
        if not self.quiet:
            for sentence in sentences:
                self._say(sentence, style="dim")

    def warn(self, sentence: str) -> None:
        """Print what is wrong, whatever was asked for."""
        self._say(sentence)

    def _say(self, sentence: str, *, style: str | None = None) -> None:
        whole = not sys.stderr.isatty()  # a log keeps its lines, whatever their length
        self._err.print(sentence, style=style, markup=False, highlight=False, soft_wrap=whole)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody is watching."""
        return not self.quiet and sys.stderr.isatty()

    @property
    def err(self) -> Console:
        """The stream for everything that is not a result."""
        return self._err

    @cached_property
    def _out(self) -> Console:
        return _console(sys.stdout)

    @cached_property
    def _err(self) -> Console:
        return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    from rich.console import Console  # noqa: PLC0415  # help and completion do without it

    wide = None if stream.isatty() or os.environ.get("COLUMNS") else WIDTH_ELSEWHERE
    return Console(file=stream, width=wide)
