"""What the command line refuses, and the number with which every run ends."""

from __future__ import annotations

from enum import IntEnum

from passerelle.words import Language, say


class ExitCode(IntEnum):
    """How a run ended, for whoever calls it from a script."""

    FINE = 0
    AT_FAULT = 1  # a file, an agreement or a value cannot be right; nothing was written
    USAGE = 2  # the command was written wrongly
    REJECTED = 3  # with --strict: scored, but some rows or cells were not taken as they were
    BUG = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class Refused(Exception):
    """Asked for something that cannot be done; nothing was changed.

    `code` is the key of the sentence that says what to do, `data` its typed fields.
    """

    def __init__(self, code: str, /, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(code, data)

    def __str__(self) -> str:
        return self.says("en")

    def says(self, language: Language) -> str:
        """What is wrong and what to do about it."""
        return say(self.code, language, **self.data)
