"""A desk on which relations are run over a few leads, beside what the interpreter says of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.core.scorer import score_lead
from passerelle.relations.duck import run, score_all
from tests.core.builders import NOW
from tests.parity.tables import fill
from tests.parity.test_scores import assert_same, rows


def rows_of(desk: duckdb.DuckDBPyConnection, relation: ir.Table, *columns: str) -> list[Any]:
    """Those columns of every row of a relation over what lies on the desk, in their order."""
    told: list[Any] = run(desk, relation.select(*columns).order_by(columns)).fetchall()
    return told


def assert_scored_alike(
    desk: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    leads: Iterable[Lead],
    *,
    as_of: datetime = NOW,
) -> None:
    """Hold the relation against the interpreter, lead by lead."""
    leads = list(leads)
    fill(desk, agreement, leads)
    found = rows(score_all(desk, agreement, as_of=as_of))
    assert set(found) == {lead.key for lead in leads}
    for lead in leads:
        assert_same(agreement, found[lead.key], score_lead(agreement, lead, as_of=as_of))
