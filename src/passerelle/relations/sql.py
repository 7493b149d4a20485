"""Relations as SQL in the dialect of each engine."""

from __future__ import annotations

from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
import sqlglot

from passerelle.relations.cool_down import DEFINITIONS

Dialect = Literal["duckdb", "spark", "clickhouse", "postgres", "bigquery", "snowflake"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


def sql(relation: ir.Table, dialect: Dialect = "duckdb") -> str:
    """The relation as one SELECT in that dialect."""
    # Named steps, not one expression written out again wherever it is used.
    ibis.options.sql.fuse_selects = False
    if dialect == "spark":
        return _spark(relation)
    return str(ibis.to_sql(relation, dialect=dialect))


def prelude(text: str, dialect: Dialect = "duckdb") -> str:
    """The definitions that SQL text needs to be run once before it; empty when it needs none."""
    return DEFINITIONS[dialect].strip() if "passerelle_cool_down" in text.lower() else ""


def _spark(relation: ir.Table) -> str:
    """Spark's SQL without a session: from its own compiler."""
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler  # noqa: PLC0415  # heavy

    tree = PySparkCompiler().to_sqlglot(relation.unbind())
    return sqlglot.transpile(tree.sql("spark"), read="spark", write="spark", pretty=True)[0]
