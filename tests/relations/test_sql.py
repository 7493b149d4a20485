"""The text of a relation: stars that stand for what they should, and numbers that are doubles."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import ibis
import pytest
import sqlglot
from sqlglot import exp

from passerelle.relations.duck import run
from passerelle.relations.engines import DIALECTS, Dialect, compiled
from passerelle.relations.mending import mend
from passerelle.relations.moments import moment_at
from passerelle.relations.sql import definitions, prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.stars import shorten
from passerelle.relations.tables import input_tables
from tests.core.builders import a_rule, an_agreement
from tests.parity.tables import fill
from tests.relations.crowds import a_crowd

SPRING = datetime(2024, 4, 6, 15, tzinfo=UTC)


def test_the_shortened_text_gives_the_same_rows(desk: duckdb.DuckDBPyConnection) -> None:
    agreement = an_agreement(
        a_rule(event="page", points=2, limit={"points": 5, "per": "week"}, half_life="30d"),
        a_rule(key="visits", visit={}, points=1),
        a_rule(key="size", field="employees", bands={"<50": 1, ">=50": 3}),
        fields={"employees": "number"},
    )
    relation = scores(agreement, input_tables(agreement), moment_at(agreement, as_of=SPRING))
    fill(desk, agreement, a_crowd(SPRING, size=20))
    tree = compiled(relation, "duckdb")
    mend(tree, "duckdb")
    whole = tree.sql("duckdb")

    short = sql(relation)

    assert len(short) < len(whole)
    desk.execute(prelude(short))
    assert desk.sql(short).columns == desk.sql(whole).columns
    found, expected = (desk.execute(f"{text} ORDER BY lead").fetchall() for text in (short, whole))
    assert found == expected
    assert len(found) == 20


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ('SELECT t.a, t.b, 1 AS c FROM x AS "t"', 'SELECT "t".*, 1 AS c FROM x AS "t"'),
        ('SELECT t.a, t.b FROM x AS "t"', 'SELECT "t".* FROM x AS "t"'),
        ('SELECT t.b, t.a FROM x AS "t"', None),
        ('SELECT t.a FROM x AS "t"', None),
        ('SELECT t.a, t.a AS b FROM x AS "t"', None),
        ('SELECT t.a, t.b AS d FROM x AS "t"', None),
        ('SELECT t.a, u.b FROM x AS "t", x AS "u"', None),
        ('SELECT t.a, t.b FROM y AS "t"', None),
        ('SELECT t.a, t.b FROM (SELECT * FROM y) AS "t"', None),
    ],
)
def test_only_all_columns_of_one_known_source_in_their_order_become_a_star(
    text: str, short: str | None
) -> None:
    with_ = "WITH x AS (SELECT 1 AS a, 2 AS b) "
    tree = sqlglot.parse_one(with_ + text, dialect="duckdb")

    shorten(tree)

    expected = sqlglot.parse_one(with_ + (short or text), dialect="duckdb")
    assert tree.sql("duckdb") == expected.sql("duckdb")


def test_numbers_with_a_point_are_doubles_to_the_engine(desk: duckdb.DuckDBPyConnection) -> None:
    desk.execute("CREATE OR REPLACE TABLE t AS SELECT 3 AS n, '0.4' AS text")
    table = ibis.table({"n": "int64", "text": "string"}, name="t")

    relation = table.select(
        product=table.n * 0.1,
        small=table.n * 1e-7,
        whole=table.n * 2.0,
        same=table.text == "0.4",
        at=ibis.literal(SPRING.replace(tzinfo=None), "timestamp(6)"),
    )

    found = run(desk, relation)
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    assert {types[name] for name in ("product", "small", "whole")} == {"DOUBLE"}
    assert found.fetchall() == [(3 * 0.1, 3 * 1e-7, 6.0, True, SPRING.replace(tzinfo=None))]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_writes_its_doubles(dialect: Dialect) -> None:
    table = ibis.table({"n": "float64", "text": "string"}, name="t")

    text = sql(table.select(product=table.n * 0.4, same=table.text == "0.4"), dialect)

    assert ("0.4::float8" if dialect in ("postgres", "snowflake") else "0.4e0") in text
    assert "'0.4'" in text
    tree = sqlglot.parse_one(text, dialect=dialect)
    assert isinstance(tree, exp.Select)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_functions_are_defined_where_they_are_called(dialect: Dialect) -> None:
    assert definitions("SELECT 1", dialect) == []
    (definition,) = definitions("SELECT PASSERELLE_COOL_DOWN(times, 1)", dialect)
    assert definition.startswith("CREATE")
    assert not definition.endswith(";")
