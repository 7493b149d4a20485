"""Leads and logs put into DuckDB as the relations read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead, seen_events
from passerelle.relations.tables import input_tables


def fill(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, leads: Iterable[Lead]
) -> None:
    """Replace `leads` and `events` by those leads and their logs, each message once."""
    leads = list(leads)
    inputs = input_tables(agreement)
    rows = {"leads": list(_lead_rows(leads)), "events": list(_event_rows(agreement, leads))}
    for name, table in (("leads", inputs.leads), ("events", inputs.events)):
        schema = table.schema().to_pyarrow()
        data = pa.Table.from_pylist(
            [{column: row.get(column) for column in schema.names} for row in rows[name]],
            schema=schema,
        )
        connection.register("incoming", data)
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        connection.unregister("incoming")


def _lead_rows(leads: Iterable[Lead]) -> Iterator[dict[str, Any]]:
    for lead in leads:
        yield {"lead": lead.key, **lead.fields}


def _event_rows(agreement: Agreement, leads: Iterable[Lead]) -> Iterator[dict[str, Any]]:
    for lead in leads:
        for seen in seen_events(agreement, lead.events):
            event = seen.event
            yield {
                **event.properties,
                "id": event.id,
                "lead": lead.key,
                "event": event.name,
                "occurred_at": naive(event.occurred_at),
                "received_at": None if event.received_at is None else naive(event.received_at),
            }


def naive(instant: datetime) -> datetime:
    """The instant in UTC, its zone left out."""
    return instant.astimezone(UTC).replace(tzinfo=None)
