"""Leads and events read from users' files into DuckDB, ready to be scored."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import duckdb

from passerelle.files.asking import ask
from passerelle.files.choosing import choose_event_columns
from passerelle.files.columns import Conventions, FieldType, PropertyType
from passerelle.files.counters import COUNTED
from passerelle.files.events import EventsRead, load_events, make_empty_events
from passerelle.files.guessing import Guesses
from passerelle.files.lazy_events import lazy_rows, view_events
from passerelle.files.leads import LeadsRead, load_leads
from passerelle.files.loaded import ASIDE, EVENTS, LEADS, Loaded, LoadedRows
from passerelle.files.mapping import Mapping as FileMapping
from passerelle.files.marks import MARKS, open_marks
from passerelle.files.problems import FileProblem, Problem
from passerelle.files.rejects import TABLE, collect_rejects, open_rejects
from passerelle.files.sources import Source, open_sources
from passerelle.words import Language, say


class Step(StrEnum):
    """What a load is doing; `files.step.<code>` says it."""

    OPENING = "opening"
    LEADS = "leads"
    EVENTS = "events"
    DONE = "done"

    def says(self, language: Language) -> str:
        """The step in a few words."""
        return say(f"files.step.{self.value}", language)


# anything else that DuckDB says is our mistake, and should be seen as one
READING_FAULTS = (
    duckdb.IOException,
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfMemoryException,
    duckdb.OutOfRangeException,
)
Progress = Callable[[Step, int, int], None]


def load(  # noqa: PLR0913 - what to read and what it is for, all named by the caller
    connection: duckdb.DuckDBPyConnection,
    *,
    leads: Sequence[str],
    events: Sequence[str] = (),
    mapping: FileMapping | None = None,
    fields: Mapping[str, FieldType],
    properties: Mapping[str, PropertyType],
    as_of: datetime,
    now: datetime | None = None,
    timezone: str = "UTC",
    progress: Progress | None = None,
) -> Loaded:
    """Read leads and events into the tables `leads` and `events` of `connection`.

    What an earlier load left there is replaced. A Parquet file of events that is right as it
    stands becomes a view: it has to stay where it is for as long as `events` is used.

    Args:
        connection: where the tables are made.
        leads: paths or glob patterns of the leads files.
        events: the same of the events files; without any, events come from counters alone.
        mapping: what the user's mapping file says.
        fields: the agreement's lead fields and their types.
        properties: the event properties that the agreement's rules need, and their types.
        as_of: the instant of the scoring, aware.
        now: events more than a day after it, or after `as_of` if that is later, are rejected;
            without it, those more than a day after `as_of`.
        timezone: of times without an offset, unless the mapping names another.
        progress: told the step, and how many files of how many it is through.

    Raises:
        FileProblem: a file cannot be right; the message says what to do.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of must be aware")
    said = mapping or FileMapping()
    how = Conventions(
        timezone=said.timezone or timezone,
        timezone_given=said.timezone is not None,
        as_of=as_of.astimezone(UTC).replace(tzinfo=None),
        latest=max(as_of, now or as_of).astimezone(UTC).replace(tzinfo=None),
        missing=said.missing,
        dates=said.dates,
        decimal=said.decimal,
        values=_values(said),
    )
    tell = progress or _silent
    if not leads:
        raise FileProblem(Problem.NO_FILE_GIVEN)
    _clear(connection)
    open_rejects(connection)
    open_marks(connection)
    try:
        with tempfile.TemporaryDirectory(prefix="passerelle-") as room:
            asked = _Asked(leads, events, said, fields, properties, how)
            loaded = _load(connection, asked, room=Path(room), tell=tell)
    except FileProblem:
        _clear(connection)
        raise
    except READING_FAULTS as fault:
        _clear(connection)
        names = ", ".join([*leads, *events])
        raise FileProblem(
            Problem.UNREADABLE, path=names, detail=str(fault).split("\n", 1)[0]
        ) from fault
    finally:
        _sweep(connection)
    if not (loaded.lazy and loaded.counted_events):
        connection.execute(f"DROP TABLE {COUNTED}")
    tell(Step.DONE, 1, 1)
    return loaded


@dataclass(frozen=True, slots=True)
class _Asked:
    leads: Sequence[str]
    events: Sequence[str]
    mapping: FileMapping
    fields: Mapping[str, FieldType]
    properties: Mapping[str, PropertyType]
    how: Conventions


def _load(
    connection: duckdb.DuckDBPyConnection, asked: _Asked, *, room: Path, tell: Progress
) -> Loaded:
    tell(Step.OPENING, 0, len(asked.leads) + len(asked.events))
    lead_sources = open_sources(connection, asked.leads, mapping=asked.mapping, room=room)
    event_sources = open_sources(connection, asked.events, mapping=asked.mapping, room=room)
    # columns of events are chosen before the leads are read: a fault there should tell at once
    chosen = choose_event_columns(
        event_sources, properties=asked.properties, given=asked.mapping.events
    )
    leads_read = load_leads(
        connection,
        lead_sources,
        fields=asked.fields,
        properties=asked.properties,
        mapping=asked.mapping,
        how=asked.how,
        on_file=lambda done: tell(Step.LEADS, done, len(lead_sources)),
    )
    tell(Step.EVENTS, 0, len(event_sources))
    events_read = _events(connection, asked, event_sources, chosen, tell)
    return _told(connection, leads_read, events_read)


def _events(
    connection: duckdb.DuckDBPyConnection,
    asked: _Asked,
    sources: tuple[Source, ...],
    chosen: list[Guesses],
    tell: Progress,
) -> EventsRead:
    if not sources:
        make_empty_events(connection, asked.properties)
        return EventsRead(LoadedRows())
    rows = lazy_rows(sources, chosen, properties=asked.properties, how=asked.how)
    if rows and (
        seen := view_events(
            connection, sources, chosen, rows, properties=asked.properties, how=asked.how
        )
    ):
        return seen
    return load_events(
        connection,
        sources,
        chosen,
        properties=asked.properties,
        how=asked.how,
        on_file=lambda done: tell(Step.EVENTS, done, len(sources)),
    )


def _told(connection: duckdb.DuckDBPyConnection, leads: LeadsRead, events: EventsRead) -> Loaded:
    found = ask(connection, f"SELECT count(*), min(occurred_at), max(occurred_at) FROM {EVENTS}")
    count, first, last = found
    return Loaded(
        leads=LEADS,
        events=EVENTS,
        aside=ASIDE if events.aside_count else None,
        mapping={"leads": leads.account, "events": events.account},
        rejected=collect_rejects(connection),
        unmapped=leads.unmapped,
        lead_count=leads.lead_count,
        event_count=count,
        counted_events=leads.counted_events,
        unknown_leads=events.unknown_leads,
        aside_count=events.aside_count,
        identical_events=events.identical_events,
        made_ids=events.made_ids,
        first_event_at=first and first.replace(tzinfo=UTC),
        last_event_at=last and last.replace(tzinfo=UTC),
        lazy=events.lazy,
    )


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    for name in (EVENTS, ASIDE, LEADS, COUNTED, TABLE):
        found = connection.execute(
            "SELECT table_type FROM information_schema.tables "
            "WHERE table_name = ? AND table_schema = current_schema()",
            [name],
        ).fetchall()
        for (kind,) in found:
            connection.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {name}")


def _sweep(connection: duckdb.DuckDBPyConnection) -> None:
    for rows in ("leads", "events"):
        connection.execute(f"DROP TABLE IF EXISTS files_stage_{rows}")
        connection.execute(f"DROP TABLE IF EXISTS files_typed_{rows}")
    for table in (MARKS, "files_csv_errors", "files_csv_scans"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def _values(mapping: FileMapping) -> dict[str, dict[str, str]]:
    names = {**mapping.values.get("event", {}), **mapping.names}
    return {**mapping.values, "event": names} if names else mapping.values


def _silent(step: Step, done: int, total: int) -> None:
    """Tell nobody."""
