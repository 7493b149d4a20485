"""What `write_demo` refuses, in words for the person who asked."""

from __future__ import annotations

from passerelle.words import Language, say


class ImpossibleDemo(Exception):
    """The demo cannot be written as asked; nothing was changed.

    `code` is the key of the sentence, `data` its typed fields.
    """

    def __init__(self, code: str, /, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """What is wrong and what to do about it."""
        return say(self.code, language, **self.data)
