"""The relation that scores, taken apart into named steps.

The log is marked with local days and contents in a first step, `events_seen`, and scored from that
step, as `chunks` does it with a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from sqlglot import exp

from passerelle.core.agreement import Agreement
from passerelle.relations.engines import Dialect, compiled
from passerelle.relations.marking import marked_whole
from passerelle.relations.mending import mend
from passerelle.relations.moments import Moment
from passerelle.relations.standing import scores
from passerelle.relations.tables import Inputs, input_tables
from passerelle.relations.warehouse.dead_joins import leave_out_dead_joins
from passerelle.relations.warehouse.fitting import fit
from passerelle.relations.warehouse.names import step_names
from passerelle.relations.warehouse.steps import (
    Step,
    columns_of,
    folded,
    lifted,
    once,
    prune,
    rename,
    selects_of,
    sources_of,
    write_stars_out,
)

SEEN = "events_seen"


def scoring_steps(agreement: Agreement, moment: Moment, dialect: Dialect) -> list[Step]:
    """The steps that score every lead at the moment; the last is the result, without a name."""
    raw = input_tables(agreement)
    log = marked_whole(agreement, raw, moment)
    seen = ibis.table(log.schema(), name=SEEN)
    scored = scores(agreement, Inputs(raw.leads, seen), moment)
    tables = {"leads": list(raw.leads.columns), "events": list(raw.events.columns)}
    marking = _taken_apart(log, dialect, tables)
    scoring = _taken_apart(scored, dialect, {**tables, SEEN: list(seen.columns)})
    _call(marking, [*(f"{SEEN}_{n}" for n in range(1, len(marking))), SEEN])
    _call(scoring, step_names(scoring, {**tables, SEEN: list(seen.columns)}))
    steps = [*marking, *scoring]
    _write_stars(steps)
    fit(steps, dialect, given={*raw.leads.columns, *raw.events.columns})
    return steps


def _taken_apart(relation: ir.Table, dialect: Dialect, tables: dict[str, list[str]]) -> list[Step]:
    tree = compiled(relation, dialect).copy()  # Ibis lets trees share branches
    mend(tree, dialect)
    steps = lifted(tree)
    write_stars_out(steps, tables)
    before = 0
    while len(steps) != before:
        before = len(steps)
        steps = folded(steps)
        leave_out_dead_joins(steps)
        prune(steps)
        steps = once(steps)
    return steps


def _call(steps: Sequence[Step], names: Sequence[str]) -> None:
    called = {step.name: name for step, name in zip(steps, names, strict=True)}
    for step in steps:
        rename(step, called)
        step.name = called[step.name]
        for select in selects_of(step.query):
            _leave_out_sources(select)


def _write_stars(steps: Sequence[Step]) -> None:
    """All columns of the step before, handed on in their order, as a star."""
    columns = {step.name: columns_of(step.query) for step in steps}
    for step in steps:
        for select in selects_of(step.query):
            sources = sources_of(select)
            if len(sources) != 1 or select.args.get("joins") or select.args.get("group"):
                continue
            names = columns.get(sources[0].name, [])
            handed_on = select.expressions[: len(names)]
            if len(names) > 2 and names == [
                one.name for one in handed_on if isinstance(one, exp.Column)
            ]:
                select.set("expressions", [exp.Star(), *select.expressions[len(names) :]])


def _leave_out_sources(select: exp.Select) -> None:
    """Columns by their bare names where there is but one source and no other meaning."""
    sources = sources_of(select)
    plain = len(sources) == 1 and not select.args.get("joins")
    if not plain or select.find_ancestor(exp.Select) or len(list(select.find_all(exp.Select))) > 1:
        return
    read = {column.name for column in select.find_all(exp.Column)}
    computed = {one.alias for one in select.expressions if isinstance(one, exp.Alias)}
    if not read & computed:
        for column in select.find_all(exp.Column):
            column.set("table", None)
