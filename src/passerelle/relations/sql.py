"""Relations as SQL in the dialect of each engine."""

from __future__ import annotations

import ibis.expr.types as ir

from passerelle.relations.engines import Dialect, compiled
from passerelle.relations.functions import FUNCTIONS
from passerelle.relations.mending import mend
from passerelle.relations.stars import shorten


def sql(relation: ir.Table, dialect: Dialect = "duckdb", *, pretty: bool = False) -> str:
    """The relation as one SELECT in that dialect; `pretty` is for people to read."""
    tree = compiled(relation, dialect)
    mend(tree, dialect)
    shorten(tree)
    return str(tree.sql(dialect=dialect, pretty=pretty))


def prelude(text: str, dialect: Dialect = "duckdb") -> str:
    """The definitions that SQL text needs to be run once before it; empty when it needs none."""
    return ";\n".join(definitions(text, dialect))


def definitions(text: str, dialect: Dialect) -> list[str]:
    """The statements, without semicolons, that define the functions that SQL text calls."""
    called = text.lower()
    functions = FUNCTIONS[dialect]
    return [functions[name] for name in functions if name in called]
