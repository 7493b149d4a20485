"""Leads read from their files into one table: a row a lead, a column a field, the rest as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.choosing import choose_lead_columns, require_columns, wanted
from passerelle.files.counters import COUNTED, at_name, count_events, count_name, counter_columns
from passerelle.files.dialects import distinct
from passerelle.files.duplicates import find_duplicates
from passerelle.files.loaded import LEADS, LoadedRows
from passerelle.files.marks import MARK
from passerelle.files.quoting import identifier
from passerelle.files.settling import account, settle
from passerelle.files.staging import Wanted, stage
from passerelle.files.typing_cells import Typed, mark_faulty_cells, origin_literal, type_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

    from passerelle.files.columns import Conventions, FieldType, PropertyType
    from passerelle.files.guessing import Guesses
    from passerelle.files.mapping import Mapping as FileMapping
    from passerelle.files.sources import Source

__all__ = ["COUNTED", "LeadsRead", "load_leads"]


@dataclass(frozen=True, slots=True)
class LeadsRead:
    """The leads table made: its account, its unknown columns, its rows, the events counted."""

    account: LoadedRows
    unmapped: tuple[str, ...]
    lead_count: int
    counted_events: int


def load_leads(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    *,
    fields: Mapping[str, FieldType],
    properties: Mapping[str, PropertyType],
    mapping: FileMapping,
    how: Conventions,
    on_file: Callable[[int], None],
) -> LeadsRead:
    """Make the table of leads, and the table of events that its counters stand for.

    Raises:
        FileProblem: the files cannot be right.
    """
    chosen = choose_lead_columns(sources, fields=fields, given=mapping.leads)
    require_columns(sources, counter_columns(mapping.counters))
    known = [name for name in fields if name != "lead"]
    given = [name for name in mapping.leads if name not in {"lead", *known}]
    counters = [
        *((count_name(column), column, "number") for column in mapping.counters),
        *(
            (at_name(column), counter.at, "instant")
            for column, counter in mapping.counters.items()
            if counter.at
        ),
    ]
    reserved = ["lead", *known, *given, *(name for name, *_ in counters)]
    others = _others(chosen)
    unmapped = distinct([*reserved, *others])[len(reserved) :]
    columns = [
        wanted("lead", "text", chosen),
        *(wanted(name, fields[name], chosen) for name in known),
        *(wanted(name, "text", chosen) for name in given),
        *(
            _as_it_is(name, other, sources, "text")
            for name, other in zip(unmapped, others, strict=True)
        ),
        *(_as_it_is(name, column, sources, cell) for name, column, cell in counters),
    ]
    staged = stage(connection, "leads", sources, wanted=columns, how=how, on_file=on_file)
    typed = type_cells(connection, staged, how)
    duplicates = _mark_rows(connection, typed)
    mark_faulty_cells(connection, typed, leave=tuple(name for name, *_ in counters))
    _make_table(connection, typed, [*known, *given, *unmapped])
    counted = count_events(connection, typed, mapping.counters, properties=properties, how=how)
    counts = settle(connection, staged)
    found = ask(connection, f"SELECT count(*) FROM {LEADS}")
    return LeadsRead(
        account(sources, chosen, counts, rows="leads", typed=typed, duplicates=duplicates),
        (*given, *unmapped),
        found[0],
        counted,
    )


def _others(chosen: Sequence[Guesses]) -> list[str]:
    """The columns of no field, in order, once each without regard to case."""
    seen: dict[str, str] = {}
    for guesses in chosen:
        for column in guesses.unmapped:
            seen.setdefault(column, column)
    return list(seen)


def _as_it_is(name: str, column: str, sources: Sequence[Source], cell: str) -> Wanted:
    here = tuple((column,) if column in source.columns else () for source in sources)
    match cell:
        case "number":
            return Wanted(name, "number", here)
        case "instant":
            return Wanted(name, "instant", here)
        case _:
            return Wanted(name, "text", here)


def _mark_rows(connection: duckdb.DuckDBPyConnection, typed: Typed) -> int:
    lead = typed.cells["lead"]
    origin = origin_literal(typed, "lead")
    connection.execute(
        f"INSERT INTO {MARK} SELECT 'leads', file, row, {origin}, NULL, 'missing_lead', "
        f"'row_dropped' FROM {typed.table} WHERE coalesce({lead}, '') = ''"
    )
    duplicates = find_duplicates(
        connection,
        table=typed.table,
        key=f"nullif({lead}, '')",
        order="file DESC, row DESC",
        row=("file", "row"),
        into="files_repeated_leads",
    )
    connection.execute(
        f"INSERT INTO {MARK} SELECT 'leads', file, row, {origin}, left(key, 80), "
        "'duplicate_lead', 'row_dropped' FROM files_repeated_leads"
    )
    return duplicates


def _make_table(connection: duckdb.DuckDBPyConnection, typed: Typed, names: Sequence[str]) -> None:
    connection.execute(
        f"DELETE FROM {typed.table} WHERE coalesce({typed.cells['lead']}, '') = '' "
        "OR (file, row) IN (SELECT (file, row) FROM files_repeated_leads)"
    )
    cells = "".join(f", {typed.cells[name]} AS {identifier(name)}" for name in names)
    connection.execute(
        f"CREATE TABLE {LEADS} AS SELECT {typed.cells['lead']} AS lead{cells} "
        f"FROM {typed.table} ORDER BY file, row"
    )
    connection.execute("DROP TABLE files_repeated_leads")
