"""Events read from their files into one table, of one shape whatever the files hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.columns import EVENT_TYPES, SQL_TYPES, CellType, Conventions, PropertyType
from passerelle.files.counters import COUNTED
from passerelle.files.duplicates import find_duplicates
from passerelle.files.loaded import ASIDE, EVENTS, LEADS, LoadedRows
from passerelle.files.marks import MARK
from passerelle.files.quoting import identifier, literal
from passerelle.files.ranges import in_range
from passerelle.files.rejects import VALUE_LENGTH
from passerelle.files.settling import account, settle
from passerelle.files.staging import Wanted, stage
from passerelle.files.typing_cells import Typed, mark_faulty_cells, origin_literal, type_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

    from passerelle.files.guessing import Guesses
    from passerelle.files.sources import Source


@dataclass(frozen=True, slots=True)
class EventsRead:
    """The events made: their account and what was found odd on the way."""

    account: LoadedRows
    unknown_leads: int = 0
    aside_count: int = 0
    identical_events: int = 0
    made_ids: int = 0
    lazy: bool = False


def event_columns(properties: Mapping[str, PropertyType]) -> dict[str, CellType]:
    """The columns of `events` and their types: its own, then the properties."""
    return {**EVENT_TYPES, **{n: t for n, t in properties.items() if n not in EVENT_TYPES}}


def make_empty_events(
    connection: duckdb.DuckDBPyConnection, properties: Mapping[str, PropertyType]
) -> None:
    """Make `events` without files: only what the leads' counters stand for."""
    columns = ", ".join(
        f"{identifier(name)} {SQL_TYPES[cell]}" for name, cell in event_columns(properties).items()
    )
    connection.execute(f"CREATE TABLE {EVENTS} ({columns})")
    connection.execute(f"INSERT INTO {EVENTS} SELECT * FROM {COUNTED}")


def load_events(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    chosen: Sequence[Guesses],
    *,
    properties: Mapping[str, PropertyType],
    how: Conventions,
    on_file: Callable[[int], None],
) -> EventsRead:
    """Make the table of events, those of the leads' counters included.

    Raises:
        FileProblem: the files cannot be right.
    """
    columns = event_columns(properties)
    staged = stage(
        connection,
        "events",
        sources,
        wanted=[
            Wanted(name, cell, tuple(guesses.columns_of(name) for guesses in chosen))
            for name, cell in columns.items()
        ],
        how=how,
        on_file=on_file,
    )
    typed = type_cells(connection, staged, how)
    _drop_faulty_rows(connection, typed, how)
    mark_faulty_cells(connection, typed, leave=("occurred_at",))
    duplicates = _drop_duplicates(connection, typed)
    no_ids = all("id" in guesses.absent for guesses in chosen)
    identical = _count_identical(connection, typed) if no_ids else 0
    made = ask(connection, f"SELECT count(*) FROM {typed.table} WHERE {typed.cells['id']} IS NULL")
    unknown, aside = _set_aside(connection, typed, columns)
    known = f"{typed.cells['lead']} IN (SELECT lead FROM {LEADS})" if unknown else "true"
    connection.execute(
        f"CREATE TABLE {EVENTS} AS {_rows(typed, columns)} WHERE {known} "
        f"UNION ALL SELECT * FROM {COUNTED}"
    )
    counts = settle(connection, staged)
    return EventsRead(
        account(sources, chosen, counts, rows="events", typed=typed, duplicates=duplicates),
        unknown,
        aside,
        identical,
        made[0],
    )


def _drop_faulty_rows(
    connection: duckdb.DuckDBPyConnection, typed: Typed, how: Conventions
) -> None:
    lead, event, at = (typed.cells[name] for name in ("lead", "event", "occurred_at"))
    bad_at = typed.faulty.get("occurred_at", "NULL")
    faults = (
        ("missing_lead", "lead", f"coalesce({lead}, '') = ''", "NULL"),
        ("missing_event", "event", f"coalesce({event}, '') = ''", "NULL"),
        ("bad_time", "occurred_at", f"{bad_at} IS NOT NULL", bad_at),
        ("missing_time", "occurred_at", f"{at} IS NULL", "NULL"),
        (
            "time_out_of_range",
            "occurred_at",
            f"NOT {in_range(at, how.latest)}",
            f"CAST({at} AS VARCHAR)",
        ),
    )
    earlier = "false"
    for reason, name, condition, value in faults:
        connection.execute(
            f"INSERT INTO {MARK} SELECT 'events', file, row, "
            f"{origin_literal(typed, name)}, {value}, '{reason}', 'row_dropped' "
            f"FROM {typed.table} WHERE {condition} AND NOT ({earlier})"
        )
        earlier = f"{earlier} OR {condition}"
    connection.execute(f"DELETE FROM {typed.table} WHERE {earlier}")


def _drop_duplicates(connection: duckdb.DuckDBPyConnection, typed: Typed) -> int:
    key = typed.cells["id"]
    duplicates = find_duplicates(
        connection,
        table=typed.table,
        key=f"nullif({key}, '')",
        order=f"{typed.cells['received_at']} NULLS LAST, {typed.cells['occurred_at']}, file, row",
        row=("file", "row"),
        into="files_repeated_events",
    )
    if duplicates:
        connection.execute(
            f"INSERT INTO {MARK} SELECT 'events', file, row, "
            f"{origin_literal(typed, 'id')}, left(key, {VALUE_LENGTH}), 'duplicate_event', "
            "'row_dropped' FROM files_repeated_events"
        )
        connection.execute(
            f"DELETE FROM {typed.table} WHERE (file, row) IN "
            "(SELECT (file, row) FROM files_repeated_events)"
        )
    connection.execute("DROP TABLE files_repeated_events")
    return duplicates


def _count_identical(connection: duckdb.DuckDBPyConnection, typed: Typed) -> int:
    cells = ", ".join(typed.cells.values())
    found = ask(connection, f"SELECT count(*) - count(DISTINCT hash({cells})) FROM {typed.table}")
    return int(found[0])


def _set_aside(
    connection: duckdb.DuckDBPyConnection, typed: Typed, columns: Mapping[str, CellType]
) -> tuple[int, int]:
    """Keep the events of unknown leads in a table of their own: how many leads, how many events."""
    lead = typed.cells["lead"]
    strangers = f"FROM {typed.table} WHERE {lead} NOT IN (SELECT lead FROM {LEADS})"
    unknown, aside = ask(connection, f"SELECT count(DISTINCT {lead}), count(*) {strangers}")
    if aside:
        connection.execute(
            f"INSERT INTO {MARK} SELECT 'events', arg_min(file, (file, row)), "
            f"arg_min(row, (file, row)), {origin_literal(typed, 'lead')}, left({lead}, "
            f"{VALUE_LENGTH}), 'unknown_lead', 'kept_aside' {strangers} GROUP BY {lead}"
        )
        connection.execute(
            f"CREATE TABLE {ASIDE} AS {_rows(typed, columns)} "
            f"WHERE {lead} NOT IN (SELECT lead FROM {LEADS})"
        )
    return int(unknown), int(aside)


def _rows(typed: Typed, columns: Mapping[str, CellType]) -> str:
    labels = ", ".join(literal(file.source.label) for file in typed.staged.files)
    cells = [
        (
            f"coalesce(nullif({typed.cells['id']}, ''), "
            f"list_extract([{labels}], file + 1) || '#' || (row + 1)) AS id"
        )
    ]
    cells += [f"{typed.cells[name]} AS {identifier(name)}" for name in columns if name != "id"]
    return f"SELECT {', '.join(cells)} FROM {typed.table}"
