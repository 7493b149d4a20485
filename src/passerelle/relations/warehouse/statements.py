"""The statements that score every lead in somebody's own engine; the last gives the scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import indent

from sqlglot import exp

from passerelle.core.agreement import Agreement
from passerelle.relations.engines import Dialect
from passerelle.relations.moments import Moment
from passerelle.relations.sql import definitions
from passerelle.relations.warehouse.steps import Step, selects_of, sources_of
from passerelle.relations.warehouse.taking_apart import scoring_steps
from passerelle.relations.warehouse.tidying import tidied

_FIRST: dict[Dialect, str] = {
    "clickhouse": "SET join_use_nulls = 1",
    "spark": "SET TIME ZONE 'UTC'",
}
"""What the session must know before it reads anything."""


def statements(agreement: Agreement, moment: Moment, dialect: Dialect) -> list[str]:
    """The statements, each without a semicolon, to be run in one session in their order."""
    steps = scoring_steps(agreement, moment, dialect)
    queries = _with_tables(steps, dialect) if dialect == "clickhouse" else [_query(steps, dialect)]
    first = [_FIRST[dialect]] if dialect in _FIRST else []
    return [*first, *definitions("\n".join(queries), dialect), *queries]


def _with_tables(steps: Sequence[Step], dialect: Dialect) -> list[str]:
    """A temporary table for each step that several read, then the result.

    ClickHouse takes a step again for each step that reads it, and for each that reads those, until
    the query is larger than it can plan.
    """
    by_name = {step.name: step for step in steps}
    reads = Counter(name for step in steps for name in _read_by(step))
    queries = []
    for step in steps:
        if step is not steps[-1] and reads[step.name] < 2:
            continue
        query = _query(list(_with_own(step, by_name, reads)), dialect)
        if step is steps[-1]:
            queries.append(query)
        else:
            name = _quoted(step.name, dialect)
            queries.append(f"CREATE OR REPLACE TEMPORARY TABLE {name} AS\n{query}")
    return queries


def _with_own(step: Step, by_name: dict[str, Step], reads: Counter[str]) -> Iterator[Step]:
    """The step after those that it alone reads."""
    for name in _read_by(step):
        if name in by_name and reads[name] == 1:
            yield from _with_own(by_name[name], by_name, reads)
    yield step


def _query(steps: Sequence[Step], dialect: Dialect) -> str:
    *before, last = steps
    ctes = [
        f"{_quoted(step.name, dialect)} AS (\n{indent(tidied(step.query, dialect), '  ')}\n)"
        for step in before
    ]
    return (f"WITH {', '.join(ctes)}\n" if ctes else "") + tidied(last.query, dialect)


def _quoted(name: str, dialect: Dialect) -> str:
    return str(exp.to_identifier(name, quoted=True).sql(dialect))


def _read_by(step: Step) -> Iterator[str]:
    for select in selects_of(step.query):
        yield from (source.name for source in sources_of(select))
