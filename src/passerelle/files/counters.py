"""Counter columns of wide files (visits, downloads) made into the events that they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.columns import EVENT_TYPES, Conventions
from passerelle.files.marks import MARK
from passerelle.files.quoting import identifier, literal
from passerelle.files.ranges import in_range

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from passerelle.files.columns import PropertyType
    from passerelle.files.mapping import Counter
    from passerelle.files.typing_cells import Typed

COUNTED = "files_counted"
MOST = 10_000


def count_name(column: str) -> str:
    """The name under which a counter is staged."""
    return f"counter {column}"


def at_name(column: str) -> str:
    """The name under which the time of a counter's events is staged."""
    return f"counter {column} at"


def counter_columns(counters: Mapping[str, Counter]) -> list[str]:
    """The columns of the file that counters read."""
    times = [counter.at for counter in counters.values() if counter.at]
    return [*counters, *times]


def count_events(
    connection: duckdb.DuckDBPyConnection,
    typed: Typed,
    counters: Mapping[str, Counter],
    *,
    properties: Mapping[str, PropertyType],
    how: Conventions,
) -> int:
    """Make the table of the events that the counters stand for; how many there are.

    A cell of n gives n events at the time of the counter's `at` column, or at `how.as_of`; more
    than 10,000 a cell are clipped, and cells that count nothing sensible are left out; both
    are marked.
    """
    others = {name: kind for name, kind in properties.items() if name not in EVENT_TYPES}
    columns = "".join(
        f", {identifier(name)} {'DOUBLE' if kind == 'number' else 'VARCHAR'}"
        for name, kind in others.items()
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE {COUNTED} (id VARCHAR, lead VARCHAR, event VARCHAR, "
        f"occurred_at TIMESTAMP, received_at TIMESTAMP{columns})"
    )
    for column, counter in counters.items():
        _mark_cells(connection, typed, column, counter, how)
        given = "".join(
            f", {_property(counter.properties.get(name), kind)}" for name, kind in others.items()
        )
        count, at, good = _cells(typed, column, counter, how)
        lead = typed.cells["lead"]
        connection.execute(
            f"INSERT INTO {COUNTED} SELECT 'counter:' || {literal(column)} || ':' || {lead} "
            f"|| ':' || turn, {lead}, {literal(counter.event)}, dated, NULL{given} FROM ("
            f"SELECT {lead}, {at} AS dated, unnest(range(1, CAST(least({count}, {MOST}) AS BIGINT) "
            f"+ 1)) AS turn FROM {typed.table} WHERE {count} > 0 AND {good})"
        )
    found = ask(connection, f"SELECT count(*) FROM {COUNTED}")
    return int(found[0])


def _cells(typed: Typed, column: str, counter: Counter, how: Conventions) -> tuple[str, str, str]:
    count = typed.cells[count_name(column)]
    at = typed.cells[at_name(column)] if counter.at else f"TIMESTAMP '{how.as_of}'"
    return count, at, f"{count} = trunc({count}) AND {count} >= 0 AND {in_range(at, how.latest)}"


def _mark_cells(
    connection: duckdb.DuckDBPyConnection,
    typed: Typed,
    column: str,
    counter: Counter,
    how: Conventions,
) -> None:
    count, at, _ = _cells(typed, column, counter, how)
    bad = typed.faulty.get(count_name(column), "NULL")
    bad_at = typed.faulty.get(at_name(column), "NULL")
    marks = [
        (f"{bad} IS NOT NULL", bad, column, "bad_counter"),
        (
            f"{count} <> trunc({count}) OR {count} < 0",
            f"CAST({count} AS VARCHAR)",
            column,
            "bad_counter",
        ),
        (f"{count} > {MOST}", f"CAST({count} AS VARCHAR)", column, "counter_clipped"),
    ]
    if counter.at:
        marks += [
            (f"{count} > 0 AND {bad_at} IS NOT NULL", bad_at, counter.at, "bad_time"),
            (
                f"{count} > 0 AND {bad_at} IS NULL AND {at} IS NULL",
                "NULL",
                counter.at,
                "missing_time",
            ),
            (
                f"{count} > 0 AND NOT {in_range(at, how.latest)}",
                f"CAST({at} AS VARCHAR)",
                counter.at,
                "time_out_of_range",
            ),
        ]
    for condition, value, origin, reason in marks:
        action = "cell_clipped" if reason == "counter_clipped" else "cell_emptied"
        connection.execute(
            f"INSERT INTO {MARK} SELECT 'leads', file, row, {literal(origin)}, {value}, "
            f"'{reason}', '{action}' FROM {typed.table} WHERE {condition}"
        )


def _property(value: str | None, kind: PropertyType) -> str:
    if value is None:
        return "NULL"
    return f"TRY_CAST({literal(value)} AS DOUBLE)" if kind == "number" else literal(value)
