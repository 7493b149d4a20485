"""An agreement as SQL for somebody's own engine, with what it needs said on top."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ibis.common.exceptions import IbisError

from passerelle.core.agreement import Agreement
from passerelle.project.failures import Refused
from passerelle.project.gallery import load_agreement
from passerelle.project.instants import read_instant
from passerelle.relations.moments import moment_at
from passerelle.relations.sql import Dialect, prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.tables import EVENT_COLUMNS, field_types, input_tables, property_types
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
    """One SELECT that scores every lead at an instant, after a heading and its definitions.

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
    try:
        text = sql(scores(agreement, input_tables(agreement), moment), dialect, pretty=True)
    except IbisError as fault:
        detail = str(fault).splitlines()[0]
        raise Refused("cli.refused.dialect", dialect=dialect, detail=detail) from fault
    head = _heading(agreement, dialect, at, language)
    definitions = prelude(text, dialect)
    if definitions:
        note = say("cli.compile.prelude", language)
        definitions = f"-- {note}\n{definitions.rstrip(';')};\n\n"
    return f"{head}\n{definitions}{text};\n"


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
    fields = [f"{name} {kind}" for name, kind in field_types(agreement).items()]
    properties = [f"{name} {kind}" for name, kind in property_types(agreement).items()]
    columns = [f"{name} {kind}" for name, kind in EVENT_COLUMNS.items()]
    lines = [
        say("cli.compile.title", language, key=agreement.key, version=agreement.version),
        say("cli.compile.as_of", language, at=f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"),
        say("cli.compile.dialect", language, dialect=dialect),
        say("cli.compile.leads", language, columns=", ".join(["lead text", *fields])),
        say("cli.compile.events", language, columns=", ".join([*columns, *properties])),
        say("cli.compile.instants", language),
    ]
    return "".join(f"-- {line}\n" for line in lines)
