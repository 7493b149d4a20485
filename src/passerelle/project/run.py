"""One run over somebody's files: the agreement, the engine, and what was loaded into it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.files import Loaded, load, read_mapping
from passerelle.files.quoting import literal
from passerelle.project.gallery import load_agreement
from passerelle.project.instants import NOW, read_instant
from passerelle.project.rendering.progress import Steps
from passerelle.relations.duck import connect, leads_of
from passerelle.relations.tables import field_types, property_types


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, as typed."""

    agreement: str
    leads: Sequence[str]
    events: Sequence[str] = ()
    as_of: str = NOW
    as_of_option: str = "--as-of"
    known_at: str | None = None
    mapping: str | None = None
    memory: str = "3GB"

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every file that is to be read, as typed."""
        extra = () if self.mapping is None else (self.mapping,)
        return (*self.leads, *self.events, self.agreement, *extra)


@dataclass(frozen=True, slots=True)
class Run:
    """What stands ready: `leads` and `events` are tables of the connection."""

    agreement: Agreement
    connection: duckdb.DuckDBPyConnection
    loaded: Loaded
    as_of: datetime
    known_at: datetime | None

    def leads(self, keys: Sequence[str]) -> list[Lead]:
        """Those leads with what was known of them, for the reference scorer."""
        found = leads_of(self.connection, self.agreement, keys)
        if self.known_at is None:
            return found
        known_at = self.known_at
        return [
            replace(
                lead,
                events=[e for e in lead.events if (e.received_at or e.occurred_at) <= known_at],
            )
            for lead in found
        ]


def open_run(request: Request, *, now: datetime, steps: Steps) -> Run:
    """Read the agreement, then the files it is to be used on.

    Raises:
        Refused, WrongAgreement, FileProblem: something asked for cannot be right.
    """
    agreement = load_agreement(request.agreement)
    as_of = read_instant(
        request.as_of, agreement=agreement, now=now, option=request.as_of_option, edge="end"
    )
    known_at = None
    if request.known_at is not None:
        known_at = read_instant(
            request.known_at, agreement=agreement, now=now, option="--known-at", edge="end"
        )
    mapping = None if request.mapping is None else read_mapping(request.mapping)
    connection = _engine(request.memory)
    loaded = load(
        connection,
        leads=request.leads,
        events=request.events,
        mapping=mapping,
        fields=field_types(agreement),
        properties=property_types(agreement),
        as_of=as_of,
        now=now,
        timezone=agreement.timezone,
        progress=steps.loading,
    )
    return Run(agreement, connection, loaded, as_of, known_at)


def _engine(memory: str) -> duckdb.DuckDBPyConnection:
    """An engine that draws nothing among the results and leaves nothing behind."""
    connection = connect(memory=memory)
    connection.execute("SET enable_progress_bar = false")
    spill = tempfile.mkdtemp(prefix="passerelle-spill-")
    atexit.register(shutil.rmtree, spill, ignore_errors=True)
    connection.execute("SET temp_directory = " + literal(spill))
    return connection
