"""Ibis' compilers, mended where an engine would read an expression otherwise or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, get_args

import ibis
import ibis.expr.types as ir
import sqlglot as sg
from ibis.backends.sql.compilers import (
    BigQueryCompiler,
    ClickHouseCompiler,
    DuckDBCompiler,
    PostgresCompiler,
    PySparkCompiler,
    SnowflakeCompiler,
)
from sqlglot import exp

Dialect = Literal["duckdb", "spark", "clickhouse", "postgres", "bigquery", "snowflake"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


class _SparkOptions(ibis.config.Config):  # type: ignore[misc]  # Ibis ships no types
    """What the Spark compiler asks for where no Spark is installed to register it."""

    treat_nan_as_null: bool = False


class _Mended:
    """What is said otherwise than by Ibis for every engine but DuckDB.

    Ibis writes the plain functions of a compiler anew into each class derived from it, over the
    methods mended there, unless the class names none.
    """

    SIMPLE_OPS: ClassVar[dict[Any, Any]] = {}
    UNSUPPORTED_OPS: ClassVar[tuple[Any, ...]] = ()

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:
        if op.arg.dtype.is_timestamp() and to.is_timestamp():
            return arg
        return super().visit_Cast(op, arg=arg, to=to)  # type: ignore[misc]  # the compiler beside it has it


class Spark(_Mended, PySparkCompiler):  # type: ignore[misc]  # Ibis ships no types
    """Spark, Databricks included; instants are TIMESTAMP, in a session in UTC."""

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:
        return self.f.anon.unix_seconds(arg)

    def visit_ExtractMicrosecond(self, op: Any, *, arg: Any) -> Any:
        return self.f.anon.pmod(self.f.anon.unix_micros(arg), 1_000_000)

    def visit_TimestampFromUNIX(self, op: Any, *, arg: Any, unit: Any) -> Any:
        return self.f.anon.timestamp_seconds(arg)

    def visit_IntegerRange(self, op: Any, *, start: Any, stop: Any, step: Any) -> Any:
        days = self.f.anon.sequence(start, stop - 1)
        return self.if_(start < stop, days, self.f.anon.array())

    def visit_RegexSearch(self, op: Any, *, arg: Any, pattern: Any) -> Any:
        # To Java, `$` stands before a last line break as well.
        whole = exp.Literal.string(pattern.name.removesuffix("$") + r"\z")
        return exp.RegexpLike(this=arg, expression=whole)


class ClickHouse(_Mended, ClickHouseCompiler):  # type: ignore[misc]  # Ibis ships no types
    """ClickHouse; instants are DateTime64(6, 'UTC'), and joins give nulls."""

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        if dtype.is_timestamp():
            text = value.isoformat(sep=" ", timespec="microseconds")
            return self.f.toDateTime64(text, 6, "UTC")
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:
        return self.f.intDiv(self.f.toUnixTimestamp64Micro(arg), 1_000_000)

    def visit_ExtractMicrosecond(self, op: Any, *, arg: Any) -> Any:
        return self.f.toUnixTimestamp64Micro(arg) % 1_000_000

    def visit_TimestampFromUNIX(self, op: Any, *, arg: Any, unit: Any) -> Any:
        micros = exp.paren(arg, copy=False) * 1_000_000
        return self.f.fromUnixTimestamp64Micro(micros, "UTC")

    def visit_Lag(self, op: Any, *, arg: Any, offset: Any, default: Any) -> Any:
        # Of what cannot be null, the row before the first would be 1970.
        return self.f.lagInFrame(self.f.toNullable(arg), *([] if offset is None else [offset]))

    def visit_Lowercase(self, op: Any, *, arg: Any) -> Any:
        return self.f.anon.lowerUTF8(arg)

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> Any:
        return self.f.anon.toDate32(self.f.anon.parseDateTime64OrNull(arg, "%Y-%m-%d"))


class Postgres(_Mended, PostgresCompiler):  # type: ignore[misc]  # Ibis ships no types
    """PostgreSQL; instants are TIMESTAMP without a zone."""

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:
        if op.arg.dtype.is_boolean() and to.is_integer():
            return exp.cast(arg, "INT", copy=False)
        return super().visit_Cast(op, arg=arg, to=to)

    def visit_TimestampFromUNIX(self, op: Any, *, arg: Any, unit: Any) -> Any:
        second = self.f.anon.make_interval(
            exp.Kwarg(this=exp.var("secs"), expression=exp.paren(arg, copy=False))
        )
        return self.cast("1970-01-01", op.dtype) + second

    def visit_IntegerRange(self, op: Any, *, start: Any, stop: Any, step: Any) -> Any:
        days = self.f.anon.generate_series(start, stop - 1)
        return self.f.anon.array(sg.select(exp.Star()).from_(days))

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> Any:
        return self.f.anon.passerelle_try_date(arg)


class BigQuery(_Mended, BigQueryCompiler):  # type: ignore[misc]  # Ibis ships no types
    """BigQuery; instants are TIMESTAMP."""

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        if dtype.is_timestamp():
            return self.f.anon.timestamp(value.isoformat(sep=" ") + "+00")
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_IntegerRange(self, op: Any, *, start: Any, stop: Any, step: Any) -> Any:
        return self.f.anon.generate_array(start, stop - 1)

    def visit_Divide(self, op: Any, *, left: Any, right: Any) -> Any:
        return self.binop(exp.Div, left, right)


class Snowflake(_Mended, SnowflakeCompiler):  # type: ignore[misc]  # Ibis ships no types
    """Snowflake; instants are TIMESTAMP_NTZ."""

    def visit_TimestampFromUNIX(self, op: Any, *, arg: Any, unit: Any) -> Any:
        return self.f.anon.to_timestamp_ntz(arg)

    def visit_IntegerRange(self, op: Any, *, start: Any, stop: Any, step: Any) -> Any:
        return self.f.anon.array_generate_range(start, stop)

    def visit_RegexSearch(self, op: Any, *, arg: Any, pattern: Any) -> Any:
        # The whole text must match as it is; `s` lets a point stand for a line break too.
        whole = pattern.name.removeprefix("(?s)").removeprefix("^").removesuffix("$")
        flags = exp.Literal.string("cs")
        return exp.RegexpLike(this=arg, expression=exp.Literal.string(whole), flag=flags)

    def visit_Unnest(self, op: Any, *, arg: Any) -> Any:
        return exp.Explode(this=arg)

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> Any:
        return self.f.anon.try_to_date(arg)


_COMPILERS: dict[Dialect, Callable[[], Any]] = {
    "duckdb": DuckDBCompiler,
    "spark": Spark,
    "clickhouse": ClickHouse,
    "postgres": Postgres,
    "bigquery": BigQuery,
    "snowflake": Snowflake,
}


def compiled(relation: ir.Table, dialect: Dialect) -> exp.Expression:
    """The syntax tree of a relation in that dialect, step by step as the relation was written."""
    # Named steps, not one expression written out again wherever it is used.
    ibis.options.sql.fuse_selects = False
    if dialect == "spark" and ibis.options.pyspark is None:
        ibis.options.pyspark = _SparkOptions()
    tree: exp.Expression = _COMPILERS[dialect]().to_sqlglot(relation.unbind())
    _make_lists(tree)
    return tree


def _make_lists(node: exp.Expression) -> None:
    """Ibis leaves tuples in the tree, into which nobody who walks through it looks."""
    for key, value in list(node.args.items()):
        if isinstance(value, tuple):
            node.set(key, list(value))
    for child in node.iter_expressions():
        _make_lists(child)
