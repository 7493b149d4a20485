"""A desk on which relations are run over a few leads, to be told what they give."""

from __future__ import annotations

from typing import Any

import duckdb
import ibis.expr.types as ir

from passerelle.relations.duck import run


def rows_of(desk: duckdb.DuckDBPyConnection, relation: ir.Table, *columns: str) -> list[Any]:
    """Those columns of every row of a relation over what lies on the desk, in their order."""
    told: list[Any] = run(desk, relation.select(*columns).order_by(columns)).fetchall()
    return told
