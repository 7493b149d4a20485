"""The account of one kind of rows: rejects placed on their lines, hopeless files refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelle.files.asking import ask
from passerelle.files.kinds import Format
from passerelle.files.lines import settle_marks
from passerelle.files.loaded import ColumnWriting, LoadedRows, ReadFile
from passerelle.files.marks import MARKS
from passerelle.files.problems import FileProblem, Problem
from passerelle.files.quoting import any_of
from passerelle.files.rejects import TABLE, RejectReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from passerelle.files.columns import Rows
    from passerelle.files.guessing import Guesses
    from passerelle.files.sources import Source
    from passerelle.files.staging import Staged, StagedFile
    from passerelle.files.typing_cells import Typed

HOPELESS = 0.5
# these rows are not in the stage, or count as empty there
BROKEN = (
    RejectReason.TOO_FEW_CELLS,
    RejectReason.TOO_MANY_CELLS,
    RejectReason.BAD_QUOTES,
    RejectReason.LINE_TOO_LONG,
    RejectReason.BAD_JSON,
)
NOT_FAULTS = (
    RejectReason.DUPLICATE_LEAD,
    RejectReason.DUPLICATE_EVENT,
    RejectReason.UNKNOWN_LEAD,
)


def settle(connection: duckdb.DuckDBPyConnection, staged: Staged) -> list[int]:
    """Place the marks on their lines and count the rows read in each file.

    Raises:
        FileProblem: no file has a row, or most rows of one had to be rejected.
    """
    read = dict(
        connection.execute(
            f"SELECT file, count(*) FROM {staged.table} WHERE NOT blank GROUP BY file"
        ).fetchall()
    )
    broken = _marked(connection, staged.rows, f"reason IN {any_of(BROKEN)}")
    counts = [read.get(at, 0) + broken.get(at, 0) for at in range(len(staged.files))]
    if not sum(counts):
        raise FileProblem(Problem.HEADER_ONLY, path=str(staged.files[0].source.path))
    faulty = _marked(
        connection,
        staged.rows,
        f"action = 'row_dropped' AND reason NOT IN {any_of(NOT_FAULTS)}",
    )
    settle_marks(connection, staged.rows, staged.files)
    require_mostly_good(connection, staged.rows, staged.files, counts=counts, faulty=faulty)
    return counts


def require_mostly_good(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    files: Sequence[StagedFile],
    *,
    counts: Sequence[int],
    faulty: dict[int, int],
) -> None:
    """Refuse a file most of whose rows are faulty, once the rejects are in place.

    Raises:
        FileProblem: with the commonest reason and an example of it.
    """
    for at, file in enumerate(files):
        if faulty.get(at, 0) > HOPELESS * counts[at]:
            example = ask(
                connection,
                f"SELECT reason, min(line), arg_min(value, line) FROM {TABLE} "
                "WHERE \"rows\" = ? AND file = ? AND action = 'row_dropped' "
                "GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 1",
                [rows, file.source.label],
            )
            raise FileProblem(
                Problem.MOSTLY_REJECTED,
                path=str(file.source.path),
                rejected=faulty[at],
                total=counts[at],
                reason=RejectReason(example[0]),
                line=example[1],
                value=example[2] or "",
            )


def account(
    sources: Sequence[Source],
    chosen: Sequence[Guesses],
    counts: Sequence[int],
    *,
    rows: Rows,
    typed: Typed | None = None,
    duplicates: int = 0,
) -> LoadedRows:
    """What became of the rows of `sources`."""
    files = tuple(
        ReadFile(
            rows,
            source.label,
            source.kind.format.value,
            source.text.encoding if source.text else None,
            source.dialect.delimiter
            if source.kind.format is Format.CSV and source.dialect
            else None,
            guesses,
            count,
        )
        for source, guesses, count in zip(sources, chosen, counts, strict=True)
    )
    absent = [set(guesses.absent) for guesses in chosen]
    missing = set.intersection(*absent) if absent else set()
    order = chosen[0].absent if chosen else ()
    writings = tuple(
        ColumnWriting(
            rows,
            column.origin,
            typed.writings[column.name].decimal if column.type == "number" else None,
            typed.writings[column.name].order,
        )
        for column in (typed.staged.columns if typed else ())
        if typed and column.name in typed.writings and column.type != "boolean"
    )
    return LoadedRows(
        files, writings, tuple(name for name in order if name in missing), sum(counts), duplicates
    )


def _marked(connection: duckdb.DuckDBPyConnection, rows: Rows, condition: str) -> dict[int, int]:
    return dict(
        connection.execute(
            f'SELECT file, count(*) FROM {MARKS} WHERE "rows" = ? AND {condition} GROUP BY file',
            [rows],
        ).fetchall()
    )
