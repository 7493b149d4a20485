"""What stops a reading or a writing: a closed list of codes, each with its remedy in words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from passerelle.words import Language, say


class Problem(StrEnum):
    """Why a file cannot be right; `files.problem.<code>` says it and what to do."""

    NO_FILE_GIVEN = "no_file_given"
    NO_SUCH_FILE = "no_such_file"
    MISSPELT_FILE = "misspelt_file"
    NO_MATCH = "no_match"
    DIRECTORY = "directory"
    NOT_PERMITTED = "not_permitted"
    EMPTY = "empty"
    HEADER_ONLY = "header_only"
    NO_HEADER = "no_header"
    SPREADSHEET = "spreadsheet"
    ARCHIVE = "archive"
    BINARY = "binary"
    WEB_PAGE = "web_page"
    OTHER_COMPRESSION = "other_compression"
    DAMAGED_ARCHIVE = "damaged_archive"
    WRONG_ENCODING = "wrong_encoding"
    UNREADABLE = "unreadable"
    MIXED_FORMATS = "mixed_formats"
    NO_LEAD_COLUMN = "no_lead_column"
    TWO_LEAD_COLUMNS = "two_lead_columns"
    NO_EVENT_COLUMN = "no_event_column"
    NO_TIME_COLUMN = "no_time_column"
    AMBIGUOUS_DATES = "ambiguous_dates"
    AMBIGUOUS_NUMBERS = "ambiguous_numbers"
    MOSTLY_REJECTED = "mostly_rejected"
    MAPPING_INVALID = "mapping_invalid"
    MAPPED_COLUMN_ABSENT = "mapped_column_absent"
    UNKNOWN_SUFFIX = "unknown_suffix"
    TARGET_IS_DIRECTORY = "target_is_directory"
    NO_DIRECTORY = "no_directory"
    UNWRITABLE = "unwritable"


class FileProblem(Exception):
    """A file that cannot be right: nothing was loaded or written, and `says` tells what to do.

    Attributes:
        code: which of the known problems it is.
        data: its typed facts (path, column, line...), the placeholders of its sentence.
    """

    def __init__(self, code: Problem, **data: Any) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        return self.says("en")

    def says(self, language: Language) -> str:
        """What is wrong and what to do, in the words of `language`."""
        told = {name: _in_words(value, language) for name, value in self.data.items()}
        return say(f"files.problem.{self.code}", language, **told)


def _in_words(value: object, language: Language) -> object:
    match value:
        case tuple() if value and all(hasattr(item, "says") for item in value):
            return "\n".join(f"  {item.says(language)}" for item in value)
        case tuple():
            return ", ".join(str(item) for item in value)
        case StrEnum() if hasattr(value, "says"):
            return value.says(language)
        case _:
            return value
