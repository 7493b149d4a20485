"""Why events are dropped: each reason has a name, is counted, and leaves a few samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SAMPLE_LENGTH = 120


class DropReason(StrEnum):
    """Why an event is not in the log."""

    BAD_KEY = "bad_key"  # no write key, or one that is unknown or revoked
    WRONG_ORIGIN = "wrong_origin"  # a site that the source does not list
    RATE_LIMITED = "rate_limited"  # asked to come back: the source sends too much
    OVERLOADED = "overloaded"  # asked to come back: too much waits to become durable
    TOO_LARGE = "too_large"
    BAD_JSON = "bad_json"
    BAD_EVENT = "bad_event"  # not an object, or of no known type
    NO_NAME = "no_name"  # a track call that does not say what happened
    NO_IDENTITY = "no_identity"  # neither user id, nor e-mail address, nor anonymous id
    BAD_TIME = "bad_time"  # no time at all, far in the future, or absurdly old
    BLOCKED_IDENTITY = "blocked_identity"  # somebody who was erased, or wants no record
    DUPLICATE = "duplicate"  # a message id that is in the log
    FAULT = "fault"  # our own mistake


@dataclass(frozen=True, slots=True)
class Dropped:
    """One event that does not go into the log. The sample holds no personal data."""

    reason: DropReason
    sample: str = ""
    source_id: int | None = None


@dataclass(slots=True)
class Tally:
    """How many events were dropped for one reason, and a few samples."""

    count: int = 0
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DropCounter:
    """Drops that are not yet in the database, by source and reason."""

    most_samples: int = 5
    tallies: dict[tuple[int | None, DropReason], Tally] = field(default_factory=dict)

    def add(
        self, reason: DropReason, *, source_id: int | None = None, sample: str = "", n: int = 1
    ) -> None:
        """Count n events."""
        tally = self.tallies.setdefault((source_id, reason), Tally())
        tally.count += n
        if sample and len(tally.samples) < self.most_samples and sample not in tally.samples:
            tally.samples.append(sample[:SAMPLE_LENGTH].replace("\x00", ""))

    def take(self) -> Mapping[tuple[int | None, DropReason], Tally]:
        """What was counted so far; counting begins anew."""
        taken, self.tallies = self.tallies, {}
        return taken

    def put_back(self, taken: Mapping[tuple[int | None, DropReason], Tally]) -> None:
        """Count again what could not be written."""
        for (source_id, reason), tally in taken.items():
            self.add(reason, source_id=source_id, n=tally.count)
            for sample in tally.samples:
                self.add(reason, source_id=source_id, sample=sample, n=0)
