"""Parquet files of events that are right as they stand: a view over them, nothing copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.columns import SQL_TYPES, CellType, Conventions, PropertyType
from passerelle.files.counters import COUNTED
from passerelle.files.events import EventsRead, event_columns
from passerelle.files.kinds import Format
from passerelle.files.loaded import ASIDE, EVENTS, LEADS
from passerelle.files.natives import native
from passerelle.files.quoting import identifier, literal, path_literal
from passerelle.files.ranges import in_range
from passerelle.files.rejects import TABLE, VALUE_LENGTH
from passerelle.files.settling import account

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from passerelle.files.guessing import Guesses
    from passerelle.files.sources import Source


@dataclass(frozen=True, slots=True)
class LazyRows:
    """The SQL of the events in Parquet files.

    Attributes:
        plain: the rows with their columns.
        located: the same with `file` (its place in the list) and `row` (from 0).
        made_ids: whether ids are made from `file` and `row`.
        unique: whether every file vouches that its ids are unique, and there is one file.
    """

    plain: str
    located: str
    made_ids: bool
    unique: bool


def lazy_rows(
    sources: Sequence[Source],
    chosen: Sequence[Guesses],
    *,
    properties: Mapping[str, PropertyType],
    how: Conventions,
) -> LazyRows | None:
    """The events of Parquet files as SQL, or None if their cells have to be read one by one."""
    columns = event_columns(properties)
    selects = []
    for at, (source, guesses) in enumerate(zip(sources, chosen, strict=True)):
        cells = _cells(source, guesses, columns, how)
        if cells is None:
            return None
        selects.append((at, source, ", ".join(cells)))
    located = " UNION ALL ".join(
        f"SELECT {row}, {at} AS file, file_row_number AS row FROM {_scan([source], numbered=True)}"
        for at, source, row in selects
    )
    made = any("id" in guesses.absent for guesses in chosen)
    grouped: dict[str, list[Source]] = {}
    for _, source, row in selects:
        grouped.setdefault(row, []).append(source)
    plain = " UNION ALL ".join(
        f"SELECT {row} FROM {_scan(group, numbered=made)}" for row, group in grouped.items()
    )
    unique = len(sources) == 1 and chosen[0].columns_of("id") == (sources[0].unique,)
    return LazyRows(f"({plain})", f"({located})", made, unique)


def view_events(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    chosen: Sequence[Guesses],
    rows: LazyRows,
    *,
    properties: Mapping[str, PropertyType],
    how: Conventions,
) -> EventsRead | None:
    """Make `events` a view over Parquet files if every row of them is right.

    Events of unknown leads are filtered out; any other fault (a row without a lead, a time out
    of range, an id twice) is for `load_events` to sort out, and None is returned.
    """
    counts = _count_good(connection, sources, rows, how)
    if counts is None or (not rows.unique and _has_duplicates(connection, rows)):
        return None
    identical = 0
    if rows.made_ids:
        names = [name for name in event_columns(properties) if name != "id"]
        cells = ", ".join(identifier(name) for name in names)
        (identical,) = ask(
            connection, f"SELECT count(*) - count(DISTINCT hash({cells})) FROM {rows.plain}"
        )
    unknown, aside = _strangers(connection, sources, chosen, rows)
    known = f"WHERE lead IN (SELECT lead FROM {LEADS})" if unknown else ""
    (counted,) = ask(connection, f"SELECT count(*) FROM {COUNTED}")
    more = f"UNION ALL SELECT * FROM {COUNTED}" if counted else ""
    connection.execute(f"CREATE VIEW {EVENTS} AS SELECT * FROM {rows.plain} {known} {more}")
    return EventsRead(
        account(sources, chosen, counts, rows="events"),
        unknown,
        aside,
        identical,
        sum(counts) if rows.made_ids else 0,
        lazy=True,
    )


def _count_good(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    rows: LazyRows,
    how: Conventions,
) -> list[int] | None:
    """How many rows each file has; None if one of them is not right, or there is none at all."""
    in_time = in_range("occurred_at", how.latest)
    good = f"lead <> '' AND event <> '' AND {in_time}"
    if not rows.unique:  # ids are most of the bytes: vouched for, they need not be read
        good += " AND id <> ''"
    total, right = ask(connection, f"SELECT count(*), count(*) FILTER ({good}) FROM {rows.plain}")
    if total == 0 or right < total:
        return None
    return [ask(connection, f"SELECT count(*) FROM {_scan([source])}")[0] for source in sources]


def _has_duplicates(connection: duckdb.DuckDBPyConnection, rows: LazyRows) -> bool:
    if rows.made_ids:
        return False
    # 64-bit hashes that differ prove that the ids do; equal ones are sorted out by a copy
    (found,) = ask(connection, f"SELECT count(*) - count(DISTINCT hash(id)) FROM {rows.plain}")
    return bool(found)


def _strangers(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    chosen: Sequence[Guesses],
    rows: LazyRows,
) -> tuple[int, int]:
    """Keep the events of unknown leads in a view of their own: how many leads, how many events."""
    strange = f"WHERE lead NOT IN (SELECT lead FROM {LEADS})"
    (aside,) = ask(connection, f"SELECT count(*) FROM {rows.plain} {strange}")
    unknown = 0
    if aside:
        (unknown,) = ask(connection, f"SELECT count(DISTINCT lead) FROM {rows.plain} {strange}")
        labels = ", ".join(literal(source.label) for source in sources)
        origin = literal(chosen[0].columns_of("lead")[0])
        connection.execute(
            f"INSERT INTO {TABLE} SELECT 'events', list_extract([{labels}], "
            "CAST(arg_min(file, (file, row)) AS BIGINT) + 1), arg_min(row, (file, row)) + 1, "
            f"{origin}, left(lead, {VALUE_LENGTH}), 'unknown_lead', 'kept_aside' "
            f"FROM {rows.located} {strange} GROUP BY lead"
        )
        connection.execute(f"CREATE VIEW {ASIDE} AS SELECT * FROM {rows.plain} {strange}")
    return int(unknown), int(aside)


def _cells(
    source: Source, guesses: Guesses, columns: Mapping[str, CellType], how: Conventions
) -> list[str] | None:
    """The SQL of each column in order; None if one has to be read as text."""
    if source.kind.format is not Format.PARQUET or "file_row_number" in source.columns:
        return None
    cells = []
    for name, cell in columns.items():
        used = guesses.columns_of(name)
        read = [
            native(name, column, source.types[source.columns.index(column)], cell, how)
            for column in used
        ]
        if None in read:
            return None
        value = ", ".join(str(expression) for expression in read)
        if name == "id" and not used:
            value = f"{literal(source.label)} || '#' || (file_row_number + 1)"
        elif not used:
            value = f"CAST(NULL AS {SQL_TYPES[cell]})"
        elif len(used) > 1:
            value = f"coalesce({value})"
        cells.append(f"{value} AS {identifier(name)}")
    return cells


def _scan(sources: Sequence[Source], *, numbered: bool = False) -> str:
    paths = ", ".join(path_literal(source.path) for source in sources)
    number = ", file_row_number = true" if numbered else ""
    return f"read_parquet([{paths}], hive_partitioning = false{number})"
