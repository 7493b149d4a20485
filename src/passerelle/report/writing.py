"""Writes the report of one scoring to a file that opens anywhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from passerelle import files
from passerelle.core.agreement import Agreement
from passerelle.report.gathering import gather
from passerelle.report.page import Basis, render
from passerelle.words import Language


def write_report(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    scored: str,
    path: Path,
    language: Language,
    as_of: datetime,
    loaded: files.Loaded | None = None,
    top: int = 25,
) -> None:
    """Write the report of the table `scored` as one HTML page without scripts or links outside.

    Args:
        connection: has `leads`, `events`, and the table `scored` with what `score_all` gave.
        agreement: by which was scored.
        scored: the name of that table.
        path: the file to write; an older one is replaced once the new one is whole.
        language: of the page.
        as_of: the instant of the scoring, aware.
        loaded: how the files were read, to be told on the page.
        top: how many leads to show with their reasons.

    Raises:
        ValueError: `as_of` has no time zone.
        OSError: the file cannot be written.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of has no time zone")
    numbers = gather(connection, agreement, scored=scored, as_of=as_of, top=top, language=language)
    page = render(Basis(agreement, as_of, language, loaded), numbers)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(page, "utf-8", errors="replace")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
