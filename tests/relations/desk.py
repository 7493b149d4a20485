"""A desk on which relations are run over a few leads, to be told what they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.relations.duck import run, score_all
from tests.core.builders import NOW, score
from tests.parity.tables import fill
from tests.parity.test_scores import assert_same, rows


def rows_of(desk: duckdb.DuckDBPyConnection, relation: ir.Table, *columns: str) -> list[Any]:
    """Those columns of every row of a relation over what lies on the desk, in their order."""
    told: list[Any] = run(desk, relation.select(*columns).order_by(columns)).fetchall()
    return told


def scored(
    desk: duckdb.DuckDBPyConnection, agreement: Agreement, leads: Sequence[Lead]
) -> dict[str, dict[str, Any]]:
    """What leads score now, by their key, on which the interpreter agrees."""
    fill(desk, agreement, leads)
    found = rows(score_all(desk, agreement, as_of=NOW))
    assert set(found) == {lead.key for lead in leads}
    for lead in leads:
        assert_same(agreement, found[lead.key], score(agreement, lead))
    return found
