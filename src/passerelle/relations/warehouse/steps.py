"""A query as a list of named steps, each read once from top to bottom.

Ibis nests one SELECT in another for each thing done to a relation. Here each becomes a step of its
own; those that only hand on are folded into the step that reads them, columns nobody reads are left
out, and what is there twice is there once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

Schemas = Mapping[str, list[str]]
"""The columns of each table that a query may read."""

SMALL = 4
"""Up to so many nodes of syntax, an expression may stand in several places instead of one."""


@dataclass(slots=True)
class Step:
    """A SELECT, or a union of some, under a name."""

    name: str
    query: exp.Expression


def selects_of(query: exp.Expression) -> Iterator[exp.Select]:
    """The SELECTs of a step that read something: its own, those of a union, those in conditions."""
    yield from query.find_all(exp.Select)


def sources_of(select: exp.Expression) -> list[exp.Table]:
    """The tables or steps that a SELECT reads."""
    places = [select.args.get("from_"), *(select.args.get("joins") or [])]
    read = [place.this for place in places if place is not None]
    return [one for one in read if isinstance(one.this, exp.Identifier)]


def columns_of(query: exp.Expression) -> list[str]:
    """The columns that a step gives."""
    while isinstance(query, exp.SetOperation):
        query = query.this
    return [one.alias_or_name for one in query.expressions]


def lifted(tree: exp.Expression) -> list[Step]:
    """Every subquery that is read from as a step under its alias."""
    with_ = tree.args.get("with_")
    ctes = [(cte.alias, cte.this.pop()) for cte in with_.expressions] if with_ else []
    tree.set("with_", None)
    steps: list[Step] = []
    taken = {name for name, _ in ctes}
    for name, query in [*ctes, ("", tree)]:
        _lift(query, steps, taken)
        steps.append(Step(name, query))
    return steps


def _lift(query: exp.Expression, steps: list[Step], taken: set[str]) -> None:
    for nested in reversed(list(query.find_all(exp.Subquery))):  # the innermost first
        place = nested.parent
        if not isinstance(place, (exp.From, exp.Join)):
            continue
        name = alias = nested.alias
        while name in taken:
            name += "_"
        taken.add(name)
        steps.append(Step(name, nested.this.pop()))
        place.set("this", _table(name, alias))


def _table(name: str, alias: str) -> exp.Table:
    called = exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
    return exp.Table(this=exp.to_identifier(name, quoted=True), alias=called)


def write_stars_out(steps: list[Step], tables: Schemas) -> None:
    """Name the columns that a star stands for; `tables` has those of what is no step."""
    known = dict(tables)
    for step in steps:
        for select in selects_of(step.query):
            _write_star_out(select, known)
            _name_groups(select)
        known[step.name] = columns_of(step.query)


def _write_star_out(select: exp.Select, known: Schemas) -> None:
    by_alias = {source.alias_or_name: known[source.name] for source in sources_of(select)}
    if not by_alias:  # a function that gives rows
        return
    written: list[exp.Expression] = []
    for one in select.expressions:
        star = one.this if isinstance(one, exp.Column) else one
        if not isinstance(star, exp.Star):
            written.append(one)
            continue
        left_out = {name.name for name in star.args.get("except_") or []}
        for alias in [one.table] if isinstance(one, exp.Column) else list(by_alias):
            names = [name for name in by_alias[alias] if name not in left_out]
            written += [_column(name, alias) for name in names]
    select.set("expressions", written)


def _column(name: str, table: str) -> exp.Column:
    return exp.Column(
        this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True)
    )


def _name_groups(select: exp.Select) -> None:
    """Say by which columns rows are grouped, not by which places."""
    group = select.args.get("group")
    if group is None:
        return
    named = []
    for one in group.expressions:
        by = select.expressions[int(one.name) - 1] if isinstance(one, exp.Literal) else one
        named.append(by.copy() if isinstance(by, exp.Column) else one)
    group.set("expressions", named)


def folded(steps: list[Step]) -> list[Step]:
    """Each step that is read once, and only handed on by its reader, becomes part of the reader."""
    used = Counter(s.name for step in steps for x in selects_of(step.query) for s in sources_of(x))
    by_name = {step.name: step for step in steps}
    gone: set[str] = set()
    for step in steps:
        for select in list(selects_of(step.query)):
            while (inner := _foldable(select, by_name, used)) is not None:
                gone.add(inner.name)
                _fold(inner.query, select)
            if (union := _union_within(select, by_name, used)) is not None:
                gone.add(union.name)
                select.replace(union.query)
    return [step for step in steps if step.name not in gone]


def _foldable(
    select: exp.Select, by_name: Mapping[str, Step], used: Mapping[str, int]
) -> Step | None:
    sources = sources_of(select)
    if len(sources) != 1 or select.args.get("joins"):
        return None
    inner = by_name.get(sources[0].name)
    if inner is None or used[inner.name] > 1 or not _is_plain(inner.query):
        return None
    nested = {
        source.alias_or_name
        for other in selects_of(select)
        if other is not select
        for source in sources_of(other)
    }
    if nested & {source.alias_or_name for source in sources_of(inner.query)}:
        return None
    read = Counter(
        column.name
        for column in select.find_all(exp.Column)
        if column.table == sources[0].alias_or_name
    )
    for one in inner.query.expressions:
        size = sum(1 for _ in one.unalias().walk())
        if size > SMALL and (read[one.alias_or_name] > 1 or _is_nested(one)):
            return None
    return inner


def _union_within(
    select: exp.Select, by_name: Mapping[str, Step], used: Mapping[str, int]
) -> Step | None:
    """The union that one side of a union hands on and nobody else reads."""
    sources = sources_of(select)
    inner = by_name.get(sources[0].name) if len(sources) == 1 else None
    if inner is None or used[inner.name] > 1:
        return None
    unions = (select.parent, inner.query)
    if not all(isinstance(one, exp.Union) and not one.args.get("distinct") for one in unions):
        return None
    names = [one.name for one in select.expressions if isinstance(one, exp.Column)]
    other = any(select.args.get(part) for part in ("joins", "where", "group", "distinct"))
    return None if other or names != columns_of(inner.query) else inner


def _is_nested(one: exp.Expression) -> bool:
    """Whether what is computed is worth a step of its own."""
    return one.find(exp.Case, exp.Subquery, exp.Exists) is not None


def _is_plain(query: exp.Expression) -> bool:
    """Whether the step chooses rows and computes columns, each from one row alone."""
    if not isinstance(query, exp.Select):
        return False
    apart = ("group", "distinct", "having", "limit", "order", "qualify", "laterals")
    if any(query.args.get(part) for part in apart):
        return False
    return not any(
        one.find(exp.Window, exp.AggFunc, exp.Explode, exp.Unnest)
        or any(a.name.lower() == "arrayjoin" for a in one.find_all(exp.Anonymous))
        for one in query.expressions
    )


def _fold(inner: exp.Expression, select: exp.Select) -> None:
    alias = sources_of(select)[0].alias_or_name
    meaning = {one.alias_or_name: one.unalias() for one in inner.expressions}
    for projection in list(select.expressions):
        if isinstance(projection, exp.Column) and projection.table == alias:
            projection.replace(exp.alias_(projection.copy(), projection.name, quoted=True))
    for column in list(select.find_all(exp.Column)):
        if column.table == alias:
            column.replace(_whole(meaning[column.name].copy(), column.parent))
    for projection in list(select.expressions):
        own = projection.unalias()
        if isinstance(own, exp.Column) and own.name == projection.alias_or_name:
            projection.replace(own)
    for part in ("from_", "joins"):
        select.set(part, inner.args.get(part))
    tests = [inner.args.get("where"), select.args.get("where")]
    tests = [test.this for test in tests if test is not None]
    if tests:
        select.set("where", exp.Where(this=exp.and_(*tests, copy=False)))


def _whole(expression: exp.Expression, parent: exp.Expression | None) -> exp.Expression:
    inside = isinstance(parent, (exp.Binary, exp.Unary, exp.Between, exp.In))
    return exp.paren(expression) if inside and isinstance(expression, exp.Binary) else expression


def prune(steps: list[Step]) -> None:
    """Leave out the columns that no later step reads."""
    read: dict[str, set[str]] = {}
    for step in reversed(steps):
        if step is not steps[-1] and isinstance(step.query, exp.Select):
            group = step.query.args.get("group")
            if not step.query.args.get("distinct") and not (group and group.find(exp.Literal)):
                asked = read.get(step.name, set())
                kept = [one for one in step.query.expressions if one.alias_or_name in asked]
                step.query.set("expressions", kept or step.query.expressions[:1])
        for select in selects_of(step.query):
            names = {source.alias_or_name: source.name for source in sources_of(select)}
            for column in select.find_all(exp.Column):
                if column.table in names:
                    read.setdefault(names[column.table], set()).add(column.name)


def once(steps: list[Step]) -> list[Step]:
    """Steps that say the same become one; each is read under its own name."""
    same: dict[str, str] = {}
    first: dict[str, str] = {}
    kept: list[Step] = []
    for step in steps:
        rename(step, same)
        text = step.query.sql()
        if text in first and step is not steps[-1]:
            same[step.name] = first[text]
        else:
            first[text] = step.name
            kept.append(step)
    return kept


def rename(step: Step, names: Mapping[str, str]) -> None:
    """Read what is now called otherwise; a source goes by its name, a second one by `name_2`."""
    called: dict[int, dict[str, str]] = {}
    for select in selects_of(step.query):
        around = _around(select)
        taken = {alias for outer in around for alias in called[id(outer)].values()}
        mine = called[id(select)] = {}
        for source in sources_of(select):
            name = names.get(source.name, source.name)
            alias = name
            while alias in taken:
                alias += "_2"
            taken.add(alias)
            mine[source.alias_or_name] = alias
            source.set("this", exp.to_identifier(name, quoted=True))
            source.set("alias", None if alias == name else _table(name, alias).args["alias"])
    for column in step.query.find_all(exp.Column):
        for select in _around(column):
            if column.table in called[id(select)]:
                alias = called[id(select)][column.table]
                column.set("table", exp.to_identifier(alias, quoted=True))
                break


def _around(node: exp.Expression) -> list[exp.Select]:
    """The SELECTs that stand around a node, the nearest first."""
    found: list[exp.Select] = []
    outer = node.find_ancestor(exp.Select)
    while outer is not None:
        found.append(outer)
        outer = outer.find_ancestor(exp.Select)
    return found
