"""What a log says about who is who: subjects, and the claims that events make about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Known(StrEnum):
    """By what somebody is known; a device alone is nobody yet."""

    DEVICE = "device"
    USER = "user"
    EMAIL = "email"


class Subject(NamedTuple):
    """One device, user id or e-mail address that events name."""

    kind: str
    value: str

    @property
    def is_device(self) -> bool:
        """Whether it is a device, which never is a person by itself."""
        return self.kind == Known.DEVICE


class ClaimKind(StrEnum):
    """What an event says of its subjects.

    In the order in which claims of one event are heard.
    """

    SEEN = "seen"  # somebody did something under `first`
    APART = "apart"  # a person says: `first` and `second` are two people
    SAME = "same"  # `first` and `second` were given as one person's
    MERGE = "merge"  # a person says so; `first` is kept
    ALIAS = "alias"  # the sender says that `second` is an older name of `first`
    ON = "on"  # on the device `first` somebody is `second`
    UNDO = "undo"  # a person takes the claim `undoes` back


_HEARD = {kind: place for place, kind in enumerate(ClaimKind)}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that one event says: `id` is the event's, unique among events.

    `second` is there for all kinds but `SEEN`. Aware instants.
    """

    at: datetime
    id: str
    kind: ClaimKind
    first: Subject
    second: Subject | None = None
    undoes: str = ""

    @property
    def order(self) -> tuple[datetime, str, int, Subject, Subject]:
        """Where it stands in the log: by event time, then by the event's id."""
        return (self.at, self.id, _HEARD[self.kind], self.first, self.second or self.first)


class RefusalReason(StrEnum):
    """Why two subjects were not taken for one person."""

    JUNK = "junk_identifier"
    SHARED = "shared_identifier"
    SECOND_USER = "second_user"
    SECOND_EMAIL = "second_email"
    KEPT_APART = "kept_apart"
    CHANGED_HANDS = "device_changed_hands"


@dataclass(frozen=True, slots=True)
class Refused:
    """Two subjects that a claim would have joined, and why they are not."""

    first: Subject
    second: Subject
    reason: RefusalReason
    at: datetime
    claim: str  # the id of the event that suggested it
