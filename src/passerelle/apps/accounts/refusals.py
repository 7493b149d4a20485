"""What is asked of accounts and cannot be done; each has a sentence in the words."""

from __future__ import annotations

from enum import StrEnum


class Refused(StrEnum):
    """Why nothing was changed: `accounts.refused.<value>` says it to a person."""

    LAST_ADMINISTRATOR = "last_administrator"
    ALREADY_A_USER = "already_a_user"
    BAD_LINK = "bad_link"
    NAME_TAKEN = "name_taken"
    TEAM_IN_USE = "team_in_use"
