"""Joins that bring nothing: no column of what is joined is read, and it has one row a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from passerelle.relations.warehouse.steps import Step, sources_of


def leave_out_dead_joins(steps: Sequence[Step]) -> None:
    """Take LEFT JOINs out, where neither columns nor rows would be missed."""
    by_name = {step.name: step for step in steps}
    for step in steps:
        for select in step.query.find_all(exp.Select):
            joins = select.args.get("joins") or []
            if joins:
                alive = [join for join in joins if not _is_dead(join, select, by_name)]
                select.set("joins", alive)


def _is_dead(join: exp.Join, select: exp.Select, by_name: Mapping[str, Step]) -> bool:
    if join.side != "LEFT" or join.kind not in ("", "OUTER"):
        return False
    alias = join.this.alias_or_name
    on = list(join.find_all(exp.Column))
    elsewhere = [column for column in select.find_all(exp.Column) if column.table == alias]
    if len(elsewhere) > sum(column.table == alias for column in on):
        return False
    keys = {column.name for column in on if column.table == alias}
    return _is_unique(join.this.name, keys, by_name)


def _is_unique(name: str, keys: set[str], by_name: Mapping[str, Step]) -> bool:
    """Whether no two rows of the step have the same values in those columns."""
    step = by_name.get(name)
    if step is None or not isinstance(step.query, exp.Select):
        return False
    select = step.query
    meaning = {one.alias_or_name: one.unalias() for one in select.expressions}
    group = select.args.get("group")
    if group is not None:
        own = {(column.table, column.name) for column in group.expressions}
        return own <= {(m.table, m.name) for k in keys if isinstance(m := meaning[k], exp.Column)}
    first = sources_of(select)[0]
    if any(join.side != "LEFT" for join in select.args.get("joins") or []):
        return False
    for join in select.args.get("joins") or []:
        on = {c.name for c in join.find_all(exp.Column) if c.table == join.this.alias_or_name}
        if not _is_unique(join.this.name, on, by_name):
            return False
    mine = first.alias_or_name
    read = {
        meaning[key].name
        for key in keys
        if isinstance(meaning.get(key), exp.Column) and meaning[key].table == mine
    }
    return _is_first_of(select, first.name, read, by_name) or _is_unique(first.name, read, by_name)


def _is_first_of(
    select: exp.Select, source: str, keys: set[str], by_name: Mapping[str, Step]
) -> bool:
    """Whether just the first row is taken of those with the same keys."""
    where, step = select.args.get("where"), by_name.get(source)
    if where is None or step is None or where.this.sql() != f'"{source}"."place" = 0':
        return False
    place = next((one for one in step.query.expressions if one.alias_or_name == "place"), None)
    window = place.find(exp.Window) if place is not None else None
    if window is None:
        return False
    return {column.name for column in window.args["partition_by"]} <= keys
