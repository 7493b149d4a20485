"""Why something cannot be done to leads, in words."""

from __future__ import annotations

from enum import StrEnum

from passerelle.words import Language, say


class Impossible(StrEnum):
    """Why something cannot be done to a lead; `people.impossible.<code>` says it."""

    SAME_LEAD = "same_lead"
    NOT_A_LEAD = "not_a_lead"
    NOT_MERGED = "not_merged"
    EMAIL_TAKEN = "email_taken"
    BAD_EMAIL = "bad_email"
    NO_NAME = "no_name"
    JUNK = "junk"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    LARGE_FILE = "large_file"
    GONE_ON = "gone_on"
    NO_NAME_COLUMN = "no_name_column"
    TWO_COLUMNS = "two_columns"
    NOT_CSV = "not_csv"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NO_FILE = "no_file"


class CannotBeDone(Exception):
    """Something asked for cannot be done, and nothing was changed.

    Attributes:
        code: why.
        data: the placeholders of its sentence.
    """

    def __init__(self, code: Impossible, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def says(self, language: Language) -> str:
        """What is in the way and what to do."""
        return say(f"people.impossible.{self.code}", language, **self.data)
