"""Everybody scored at once in DuckDB, and who of them has changed since they were last scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connection as database

from passerelle.apps.history.queries import bulk_inputs
from passerelle.apps.scoring.bulk_figures import kept_columns
from passerelle.apps.scoring.models import PublishedAgreement, Score
from passerelle.core.agreement import Agreement
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import connect

MEMORY = "2GB"
FETCHED = 50_000

_SCORED, _STORED, _DUE = "scored", "stored", "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Everybody looked at from one instant, by one agreement, because of a night or a new version.

    In a night a score that is newer stands: it has seen the midnight already. A new version
    replaces every score of another.
    """

    published: PublishedAgreement
    agreement: Agreement
    as_of: datetime
    is_night: bool


class Due:
    """The leads whose score has changed, in a DuckDB of their own."""

    def __init__(self, bulk: Pass) -> None:
        self._connection = connect(memory=MEMORY)
        self._bulk = bulk
        self.count = 0

    def find(self) -> None:
        """Score everybody and compare with what is stored."""
        bulk_inputs(self._connection, self._bulk.agreement, known_at=self._bulk.as_of)
        score_into(self._connection, self._bulk.agreement, as_of=self._bulk.as_of, into=_SCORED)
        self._load_stored()
        self.count = self._compare()

    def batches(self, size: int) -> Iterator[list[dict[str, Any]]]:
        """What there is to write, by lead, so many at a time; points and parts as JSON text."""
        for low in range(0, self.count, size):
            query = f"FROM {_DUE} WHERE place >= {low:d} AND place < {low + size:d}"  # numbers
            yield self._connection.sql(query).to_arrow_table().to_pylist()

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()

    def _load_stored(self) -> None:
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_STORED} (lead_id BIGINT, fingerprint VARCHAR, "
            "stage VARCHAR, agreement_id BIGINT, is_newer BOOLEAN)"
        )
        table = Score._meta.db_table  # noqa: SLF001  # its own name
        query = f"SELECT lead_id, fingerprint, stage, agreement_id, as_of >= %s FROM {table}"
        at = database.ops.adapt_datetimefield_value(self._bulk.as_of)
        with database.chunked_cursor() as cursor:
            cursor.execute(query, [at])
            while rows := cursor.fetchmany(FETCHED):
                self._connection.register("fetched", _stored_table(rows))
                self._connection.execute(f"INSERT INTO {_STORED} FROM fetched")
                self._connection.unregister("fetched")

    def _compare(self) -> int:
        kept = kept_columns(self._bulk.agreement)
        columns = ", ".join(f"{value} AS {name}" for name, value in kept.items())
        current = f"stored.agreement_id = {self._bulk.published.pk:d}"
        stands = "is_newer" if self._bulk.is_night else f"is_newer AND {current}"
        self._connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE {_DUE} AS
            SELECT row_number() OVER (ORDER BY lead_id) - 1 AS place, found.*,
              stored.lead_id IS NULL OR stored.stage <> found.stage AS moves
            FROM (SELECT {columns}, stage FROM {_SCORED}) AS found
            LEFT JOIN {_STORED} AS stored USING (lead_id)
            WHERE stored.lead_id IS NULL OR (NOT coalesce({stands}, false) AND (
              stored.fingerprint <> found.fingerprint OR NOT ({current})
              OR stored.stage <> found.stage))"""
        )
        self._connection.execute(f"DROP TABLE {_SCORED}")
        ((count,),) = self._connection.execute(f"SELECT count(*) FROM {_DUE}").fetchall()
        return int(count)


def _stored_table(rows: list[tuple[Any, ...]]) -> pa.Table:
    lead, marks, stages, agreements, newer = zip(*rows, strict=True)
    return pa.table(
        {
            "lead_id": pa.array(lead, pa.int64()),
            "fingerprint": pa.array(marks, pa.string()),
            "stage": pa.array(stages, pa.string()),
            "agreement_id": pa.array(agreements, pa.int64()),
            "is_newer": pa.array([bool(one) for one in newer], pa.bool_()),
        }
    )
