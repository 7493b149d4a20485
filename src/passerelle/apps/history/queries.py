"""Everybody's log at once, for DuckDB; and how far the history has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import Coalesce

from passerelle.apps.capture.models import Event
from passerelle.apps.history.copied_log import CopiedLog, copy_log
from passerelle.apps.history.marks import watermark
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.readings import field_changes, things
from passerelle.apps.history.ties import LEADS, TIES, load_leads, load_ties
from passerelle.core.agreement import Agreement
from passerelle.files.quoting import identifier
from passerelle.relations.tables import input_tables

SQL_TYPES = {"string": "VARCHAR", "float64": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


@dataclass(frozen=True, slots=True)
class Status:
    """How far the history has come, and what it weighs.

    `waiting` is how many ids lie between the watermark and the end of the log; `lag` how long the
    oldest event among them has been waiting.
    """

    through_id: int
    waiting: int
    lag: timedelta
    files: int
    rows: int
    bytes: int
    first_month: str | None
    last_month: str | None


def bulk_inputs(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    known_at: datetime | None = None,
) -> None:
    """Make `leads` and `events` as `relations.tables.input_tables` wants them, in `connection`.

    They hold every lead that stands, by `str(pk)`, and all that happened to it as the database
    says now: the history's files up to the watermark and the log after it, through the ties. They
    are read when the relation asks, file by file; keep the connection no longer than the grace of
    replaced files. With `known_at`, what had been received by then.
    """
    log = copy_log(connection, agreement)
    load_leads(connection)
    load_ties(connection)
    _view_leads(connection, agreement)
    _view_events(connection, agreement, log, known_at=known_at)


def status(now: datetime) -> Status:
    """How far the history has come."""
    through = watermark().through_id
    waiting = Event.objects.filter(pk__gt=through).order_by("pk")
    oldest = waiting.values_list("received_at", flat=True).first()
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    found = HistoryFile.objects.filter(replaced_at=None).aggregate(
        files=Count("pk"),
        rows=Coalesce(Sum("rows"), 0),
        bytes=Coalesce(Sum("bytes"), 0),
        first_month=Min("month"),
        last_month=Max("month"),
    )
    return Status(
        through_id=through,
        waiting=max(0, last - through),
        lag=timedelta(0) if oldest is None else max(timedelta(0), now - oldest),
        **found,
    )


def _view_leads(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """What is known of a lead before any change in the log is nothing: the log tells it all."""
    columns = ["lead"]
    for name, kind in input_tables(agreement).leads.schema().items():
        if name != "lead":
            columns.append(f"NULL::{SQL_TYPES[str(kind)]} AS {identifier(name)}")
    select = f"SELECT {', '.join(columns)} FROM {LEADS}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW leads AS {select}")


def _view_events(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    log: CopiedLog,
    *,
    known_at: datetime | None,
) -> None:
    said = [things(log, agreement), field_changes(log, agreement)]
    known = "" if known_at is None else f"AND received_at <= {_literal(known_at)}"
    selects = [
        f"SELECT {TIES}.lead, said.* EXCLUDE (subject_id) "
        f"FROM ({rows}) AS said JOIN {TIES} ON said.subject_id = {TIES}.subject_id "
        f"AND said.occurred_at >= since AND said.occurred_at < until {known}"
        for rows in said
        if rows is not None
    ]
    order = ", ".join(identifier(name) for name in input_tables(agreement).events.columns)
    select = f"SELECT {order} FROM ({' UNION ALL '.join(selects)})"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {select}")


def _literal(at: datetime) -> str:
    return f"TIMESTAMP '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
