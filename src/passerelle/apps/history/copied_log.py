"""The whole log for DuckDB: the files up to the watermark and the log's tail after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from passerelle.apps.capture.traits import traits_by_field
from passerelle.apps.history.columns import (
    MORE,
    OWN,
    PROPERTY,
    TELLING,
    narrow_table_of,
)
from passerelle.apps.history.correcting import FOUND_OUT, load_corrections
from passerelle.apps.history.log_rows import rows_in_batches
from passerelle.apps.history.marks import watermark
from passerelle.apps.history.merging import scan
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.store import store
from passerelle.core.agreement import Agreement
from passerelle.files.quoting import identifier, literal
from passerelle.relations.tables import property_types

LOG = "history_log"
_TAIL = "history_tail"


@dataclass(frozen=True, slots=True)
class CopiedLog:
    """The view `LOG` of a connection, with what `OWN` names and properties as texts.

    `columns` are the columns of properties; `more` says whether others may stand in the map of
    that name; `traits` are the names of all traits that tell a field.
    """

    columns: Mapping[str, str]
    more: bool
    traits: frozenset[str]

    def text(self, name: str) -> str:
        """The SQL of a property's text; NULL where an event does not have it."""
        found = [self.columns[name]] if name in self.columns else []
        if self.more:
            found.append(f"{MORE}[{literal(name)}]")
        return f"coalesce({', '.join(found)})" if found else "NULL::VARCHAR"


def copy_log(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> CopiedLog:
    """Make `LOG` with the properties that the agreement reads and the traits that tell fields.

    What is in the files is read when the view is; the tail is read now. The last id in the files
    is the watermark as it stood when they were listed, so nothing is missing and nothing twice.
    """
    known = frozenset(agreement.known_fields)
    while True:
        mark = watermark()
        traits = _telling(mark.columns, known)
        wanted = {
            name: f"property_{number}"  # names may differ in case alone, those of columns may not
            for number, name in enumerate(sorted({*property_types(agreement), *traits}))
        }
        files = list(HistoryFile.objects.filter(replaced_at=None).order_by("month", "first_id"))
        after = max((file.last_id for file in files), default=0)
        tail_has_more = _load_tail(connection, wanted, after=after)
        if watermark().pruned_before == mark.pruned_before:
            break  # else the tail was perhaps cut short between the list and the reading
    more = _view(connection, [file for file in files if file.rows], wanted) or tail_has_more
    if more:
        traits |= _telling(_traits_in_more(connection), known)
    return CopiedLog(wanted, more, frozenset(traits))


def _view(
    connection: duckdb.DuckDBPyConnection, files: list[HistoryFile], wanted: Mapping[str, str]
) -> bool:
    """Make `LOG` of files and tail; whether the files have the map of other properties."""
    source, present = f"SELECT * FROM {_TAIL}", set()
    if files:
        rows = scan(store(), files, connection)
        described = connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
        present = {str(column[0]) for column in described}
        asked = [(name, name) for name in (*OWN, MORE)]
        asked += [(PROPERTY + name, column) for name, column in wanted.items()]
        listed = ", ".join(f"{identifier(a)} AS {b}" for a, b in asked if a in present)
        source = f"SELECT {listed} FROM {rows} UNION ALL BY NAME {source}"
    if load_corrections(connection):
        source = (
            "SELECT held.* REPLACE (coalesce(news.robot, held.robot) AS robot) "
            f"FROM ({source}) AS held LEFT JOIN {FOUND_OUT} AS news ON news.id = held.id"
        )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {LOG} AS {source}")
    return MORE in present


def _telling(names: Sequence[str], known: frozenset[str]) -> set[str]:
    """Those names by which some trait tells a known field."""
    return {
        trait
        for kind in TELLING
        for traits in traits_by_field(kind, tuple(sorted(names)), known).values()
        for trait in traits
    }


def _load_tail(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], *, after: int
) -> bool:
    """Make the table of the events after an id; whether any trait stands in its map."""
    _put(connection, narrow_table_of([], wanted), anew=True)
    for rows in rows_in_batches(after):
        _put(connection, narrow_table_of(rows, wanted), anew=False)
    [(found,)] = connection.execute(f"SELECT count({MORE}) FROM {_TAIL}").fetchall()
    return bool(found)


def _put(connection: duckdb.DuckDBPyConnection, table: pa.Table, *, anew: bool) -> None:
    connection.register("history_batch", table)
    verb = f"CREATE OR REPLACE TEMP TABLE {_TAIL} AS" if anew else f"INSERT INTO {_TAIL} BY NAME"
    connection.execute(f"{verb} SELECT * FROM history_batch")
    connection.unregister("history_batch")


def _traits_in_more(connection: duckdb.DuckDBPyConnection) -> list[str]:
    kinds = ", ".join(literal(kind) for kind in sorted(TELLING))
    found = connection.execute(
        f"SELECT DISTINCT unnest(map_keys({MORE})) FROM {LOG} "
        f"WHERE {MORE} IS NOT NULL AND kind IN ({kinds})"
    ).fetchall()
    return [row[0] for row in found]
