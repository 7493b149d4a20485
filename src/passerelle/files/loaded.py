"""What one load made of the files: tables, columns, counts, and everything left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from passerelle.files.columns import Rows
    from passerelle.files.guessing import Guesses
    from passerelle.files.rejects import Rejects

LEADS = "leads"
EVENTS = "events"
ASIDE = "events_aside"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file, how it was read, and what was made of its columns."""

    rows: Rows
    label: str
    format: str
    encoding: str | None
    delimiter: str | None
    columns: Guesses
    row_count: int


@dataclass(frozen=True, slots=True)
class ColumnWriting:
    """A column whose numbers or dates can be written in more than one way, and how it was read."""

    rows: Rows
    column: str
    decimal: str | None
    dates: str | None


@dataclass(frozen=True, slots=True)
class LoadedRows:
    """What became of the rows of the leads or of the events.

    Attributes:
        files: the files they came from.
        writings: how their numbers and dates were taken to be written.
        absent: our names that no file has; their columns are empty.
        row_count: rows read, broken ones included, empty ones not.
        duplicates: rows dropped because another has the same key.
    """

    files: tuple[ReadFile, ...] = ()
    writings: tuple[ColumnWriting, ...] = ()
    absent: tuple[str, ...] = ()
    row_count: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """Leads and events ready to be scored, and the account of how they were read.

    Attributes:
        leads: the table with `lead`, a column for each field, and the unknown columns as text.
        events: the table or view with the columns of events and a column for each property.
        aside: the table or view with the events of leads that the leads files lack.
        mapping: what was made of the columns and rows of the leads and of the events.
        rejected: rows and cells not taken as they were.
        unmapped: lead columns that the agreement does not know, by their name in `leads`.
        lead_count, event_count: rows of `leads` and `events`.
        counted_events: of these, how many were made from counters.
        unknown_leads: leads that only the events know.
        aside_count: events of those.
        identical_events: events that repeat another in everything, in files without ids.
        made_ids: events that got an id made from their file and row.
        first_event_at, last_event_at: the span of `events`, aware UTC.
        lazy: whether `events` is a view over the files themselves.
    """

    leads: str
    events: str
    aside: str | None
    mapping: dict[Rows, LoadedRows]
    rejected: Rejects
    unmapped: tuple[str, ...]
    lead_count: int
    event_count: int
    counted_events: int
    unknown_leads: int
    aside_count: int
    identical_events: int
    made_ids: int
    first_event_at: datetime | None
    last_event_at: datetime | None
    lazy: bool
