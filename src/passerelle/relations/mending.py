"""What a syntax tree must say otherwise for one engine or another, after Ibis wrote it."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from passerelle.relations.engines import Dialect


def mend(tree: exp.Expression, dialect: Dialect) -> None:
    """Change the tree, in place, to what the engine of the dialect takes for the same."""
    for literal in tree.find_all(exp.Literal):
        _make_double(literal, dialect)
    if dialect == "postgres":
        for ordered in tree.find_all(exp.Ordered):
            _order_by_code(ordered)
    if dialect in _WITHOUT_SEMI_JOIN:
        for select in list(tree.find_all(exp.Select)):
            _semi_joins_as_conditions(select)
    if dialect in _ROWS_OF:
        for select in list(tree.find_all(exp.Select)):
            _unnest_beside(select, dialect)


def _make_double(literal: exp.Literal, dialect: Dialect) -> None:
    """Numbers with a point as doubles: an engine that reads 0.4 as a decimal rounds products."""
    name = literal.name
    if literal.is_string or not ("." in name or "e" in name) or ":" in name:
        return
    if dialect in ("postgres", "snowflake"):  # there, an exponent alone makes no double
        literal.set("this", f"{name}::float8")
    elif "e" not in name:
        literal.set("this", f"{name}e0")


def _order_by_code(ordered: exp.Ordered) -> None:
    """Ids in the order of their characters' codes, whatever the language of the database."""
    column = ordered.this
    if isinstance(column, exp.Column) and column.name == "id":
        collation = exp.to_identifier("C", quoted=True)
        ordered.set("this", exp.Collate(this=column.copy(), expression=collation))


_WITHOUT_SEMI_JOIN: tuple[Dialect, ...] = ("postgres", "bigquery", "snowflake")


def _semi_joins_as_conditions(select: exp.Select) -> None:
    joins = select.args.get("joins") or []
    semi = [join for join in joins if join.kind == "SEMI"]
    select.set("joins", [join for join in joins if join.kind != "SEMI"])
    for join in semi:
        found = exp.select("1").from_(join.this, copy=False).where(join.args["on"], copy=False)
        select.where(exp.Exists(this=found), copy=False)


_ROWS_OF: dict[Dialect, str] = {
    "bigquery": "SELECT {name} FROM s CROSS JOIN UNNEST(listed) AS {name}",
    "snowflake": "SELECT CAST({name}_of.value AS BIGINT)"
    " FROM s CROSS JOIN LATERAL FLATTEN(INPUT => listed) AS {name}_of",
}
"""How engines that have no `unnest` among the columns make rows of a list."""


def _unnest_beside(select: exp.Select, dialect: Dialect) -> None:
    for projection in list(select.expressions):
        if not isinstance(projection.unalias(), exp.Explode):
            continue
        name = projection.alias
        model = sqlglot.parse_one(_ROWS_OF[dialect].format(name=name), dialect=dialect)
        (join,) = model.args["joins"]
        for column in list(join.find_all(exp.Column)):
            if column.name.lower() == "listed":
                column.replace(projection.unalias().this)
        projection.replace(exp.alias_(model.expressions[0].unalias(), name, quoted=True))
        select.append("joins", join)
