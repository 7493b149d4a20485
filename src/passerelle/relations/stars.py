"""Columns that a step only hands on, written as a star: shorter to read and to parse."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

Names = Sequence[str] | None


def shorten(tree: exp.Expression) -> None:
    """Replace, in every step, all columns of its one source in their order by `source.*`."""
    named: dict[str, Names] = {}
    for cte in tree.find_all(exp.CTE):
        named[cte.alias] = None
    for cte in tree.find_all(exp.CTE):
        named[cte.alias] = _names(cte.this, named)
    _names(tree, named)


def _names(query: exp.Expression, named: dict[str, Names]) -> Names:
    """The columns a query gives, in order, or None where they cannot be told; shortens it."""
    if isinstance(query, exp.SetOperation):
        first = _names(query.this, named)
        _names(query.expression, named)
        return first
    if isinstance(query, exp.Subquery):
        return _names(query.this, named)
    if not isinstance(query, exp.Select):
        return None
    sources = [query.args.get("from_") or query.args.get("from"), *query.args.get("joins", [])]
    columns = [_source_names(source.this, named) for source in sources if source is not None]
    given = [projection.alias_or_name for projection in query.expressions]
    if len(columns) != 1 or columns[0] is None:
        return None if "*" in given else given
    if given == ["*"]:
        return columns[0]
    handed_on = query.expressions[: len(columns[0])]
    source = sources[0].this.alias_or_name if sources[0] is not None else ""
    if (
        len(columns[0]) > 1
        and all(
            isinstance(one, exp.Column) and one.name == name and one.table == source
            for one, name in zip(handed_on, columns[0], strict=False)
        )
        and len(handed_on) == len(columns[0])
    ):
        star = exp.Column(this=exp.Star(), table=exp.to_identifier(source, quoted=True))
        query.set("expressions", [star, *query.expressions[len(columns[0]) :]])
    return given


def _source_names(source: exp.Expression, named: dict[str, Names]) -> Names:
    if isinstance(source, exp.Table):
        return named.get(source.name)
    return _names(source, named)
