"""An agreement as SQL for somebody's own engine, with what it needs said on top."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

from passerelle.core.agreement import Agreement
from passerelle.project.failures import Refused
from passerelle.project.gallery import load_agreement
from passerelle.project.instants import read_instant
from passerelle.relations.engines import Dialect
from passerelle.relations.moments import moment_at
from passerelle.relations.warehouse.columns import input_columns
from passerelle.relations.warehouse.fitting import LONGEST, shortened_columns
from passerelle.relations.warehouse.statements import statements
from passerelle.words import Language, say


def compile_agreement(
    name: str,
    dialect: Dialect,
    *,
    as_of: str,
    known_at: str | None,
    now: datetime,
    language: Language,
) -> str:
    """Statements of which the last scores every lead at an instant, after a heading.

    Raises:
        Refused, WrongAgreement: there is no such agreement, or no such instant.
    """
    agreement = load_agreement(name)
    at = read_instant(as_of, agreement=agreement, now=now, option="--as-of", edge="end")
    known = None
    if known_at is not None:
        known = read_instant(
            known_at, agreement=agreement, now=now, option="--known-at", edge="end"
        )
    moment = moment_at(agreement, as_of=at, known_at=known)
    queries = statements(agreement, moment, dialect)
    return _heading(agreement, dialect, at, language) + "".join(f"\n{one};\n" for one in queries)


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all; one that is there is replaced.

    Raises:
        Refused: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        if path.is_dir():
            raise Refused("cli.refused.target_is_folder", path=path)
        partial.write_text(text, "utf-8", newline="\n")
        partial.replace(path)
    except OSError as fault:
        detail = fault.strerror or os.strerror(fault.errno or 0)
        raise Refused("cli.refused.unwritable", path=path, detail=detail) from fault
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _heading(agreement: Agreement, dialect: Dialect, at: datetime, language: Language) -> str:
    tables = {
        name: ", ".join(f"{column} {kind}" for column, kind in columns.items())
        for name, columns in input_columns(agreement, dialect).items()
    }
    lines = [
        say("cli.compile.title", language, key=agreement.key, version=agreement.version),
        say("cli.compile.as_of", language, at=f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"),
        say("cli.compile.dialect", language, dialect=dialect),
        say("cli.compile.leads", language, columns=tables["leads"]),
        say("cli.compile.events", language, columns=tables["events"]),
        say("cli.compile.instants", language),
        say("cli.compile.session", language),
    ]
    if short := shortened_columns(agreement, dialect):
        told = ", ".join(f"{name} → {column}" for name, column in short.items())
        longest = LONGEST[dialect]
        lines.append(
            say("cli.compile.shortened", language, dialect=dialect, longest=longest, columns=told)
        )
    return "".join(
        fill(line, 100, initial_indent="-- ", subsequent_indent="--   ") + "\n" for line in lines
    )
