"""Relations as SQL in the dialect of each engine."""

from __future__ import annotations

from importlib import import_module
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from sqlglot import exp

from passerelle.relations.cool_down import DEFINITIONS
from passerelle.relations.stars import shorten

Dialect = Literal["duckdb", "spark", "clickhouse", "postgres", "bigquery", "snowflake"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


class _SparkOptions(ibis.config.Config):  # type: ignore[misc]  # Ibis ships no types
    """What the Spark compiler asks for where no Spark is installed to register it."""

    treat_nan_as_null: bool = False


_COMPILERS: dict[Dialect, tuple[str, str]] = {
    "duckdb": ("duckdb", "DuckDBCompiler"),
    "spark": ("pyspark", "PySparkCompiler"),
    "clickhouse": ("clickhouse", "ClickHouseCompiler"),
    "postgres": ("postgres", "PostgresCompiler"),
    "bigquery": ("bigquery", "BigQueryCompiler"),
    "snowflake": ("snowflake", "SnowflakeCompiler"),
}


def sql(relation: ir.Table, dialect: Dialect = "duckdb", *, pretty: bool = False) -> str:
    """The relation as one SELECT in that dialect; `pretty` is for people to read."""
    # Named steps, not one expression written out again wherever it is used.
    ibis.options.sql.fuse_selects = False
    if dialect == "spark" and ibis.options.pyspark is None:
        ibis.options.pyspark = _SparkOptions()
    module, name = _COMPILERS[dialect]
    compiler = getattr(import_module(f"ibis.backends.sql.compilers.{module}"), name)()
    tree: exp.Expression = compiler.to_sqlglot(relation.unbind())
    for literal in tree.find_all(exp.Literal):
        _make_double(literal)
    shorten(tree)
    return str(tree.sql(dialect=dialect, pretty=pretty))


def prelude(text: str, dialect: Dialect = "duckdb") -> str:
    """The definitions that SQL text needs to be run once before it; empty when it needs none."""
    return DEFINITIONS[dialect].strip() if "passerelle_cool_down" in text.lower() else ""


def _make_double(literal: exp.Literal) -> None:
    """Numbers with a point as doubles: an engine that reads 0.4 as a decimal rounds products."""
    if not literal.is_string and "." in literal.name and "e" not in literal.name:
        literal.set("this", f"{literal.name}e0")
