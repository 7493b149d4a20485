"""What each step of a query is called: after the columns that it adds to those it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlglot import exp

from passerelle.relations.warehouse.steps import Schemas, Step, columns_of, selects_of, sources_of

_BY_COLUMN = (
    ("stage", "standing"),
    ("open__", "fast_tracks"),
    ("disqualified", "disqualified"),
    ("entered__", "stages_last_entered"),
    ("enters__", "stage_lines"),
    ("grade", "grades"),
    ("level__total", "total_level"),
    ("sum__total", "total_sum"),
    ("level__", "dimension_levels"),
    ("sum__", "dimension_sums"),
    ("group__", "group_points"),
    ("held__", "rule_points"),
    ("bant_points", "bant"),
    ("raw_granted__", "points_by_lead"),
    ("raw_left__", "points_by_lead"),
    ("count__", "counted_{rest}"),
    ("day__", "days_of_{rest}"),
    ("changed__", "field_changes"),
    ("met__", "bant_assessments"),
    ("pulled__", "last_times"),
    ("happened__", "last_times"),
    ("required__", "last_times"),
    ("new_points", "points_since_back"),
    ("won_at", "last_won"),
    ("back_at", "last_back"),
    ("back_reason", "given_back"),
    ("frozen_at", "frozen"),
    ("thawed_at", "thawed"),
    ("set__", "dimensions_set"),
    ("since__", "since_set"),
    ("times", "times_by_lead"),
    ("micros", "timed"),
    ("visit", "visits"),
    ("began", "visit_began"),
    ("begins", "visit_begins"),
    ("previous", "events_with_previous"),
    ("different", "sightings"),
    ("first", "events_with_first"),
    ("place", "ranked"),
    ("before", "counted_in_period"),
    ("left", "left_of_limit"),
    ("period", "periods"),
    ("then", "earlier_standing"),
    ("seen_at", "looks"),
    ("content", "events_seen"),
    ("today", "leads_today"),
    ("as_of", "instants"),
    ("rule", "grants"),
    ("age", "aged"),
)
"""A column that a step is the first to have, or how its name begins, and what the step does."""

_BY_WHAT_IS_KEPT = (
    ("raw_granted__", "evidence"),
    ("raw_left__", "evidence"),
    ("held__", "evidence"),
    ("back_at", "given_back"),
    ("points", "grants_chosen"),
    ("as_of", "looks_chosen"),
    ("criterion", "events_chosen"),
    ("event", "events_chosen"),
    ("occurred_at", "events_chosen"),
    ("lead", "leads_chosen"),
)
"""The same for steps that only choose or bring together, by what they hand on."""


def step_names(steps: Sequence[Step], tables: Schemas) -> list[str]:
    """A name for each step, no two alike."""
    columns: dict[str, set[str]] = {name: set(names) for name, names in tables.items()}
    taken: Counter[str] = Counter(tables.keys())
    names: list[str] = []
    for step in steps:
        own = columns[step.name] = set(columns_of(step.query))
        name = _name(step.query, own, columns)
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return names


def _name(query: exp.Expression, own: set[str], columns: Mapping[str, set[str]]) -> str:
    sources = [source.name for select in selects_of(query) for source in sources_of(select)]
    new = own - {name for source in sources for name in columns.get(source, ())}
    rule = _rule(query)
    if rule is not None and {"rule", "points"} <= own:
        return f"granted_by_{rule}"
    for beginning, name in _BY_COLUMN:
        found = sorted(one for one in new if _begins(one, beginning))
        if found:
            return (
                name.format(rest=found[0].removeprefix(beginning))
                if len(found) == 1
                else (name.replace("_{rest}", ""))
            )
    if isinstance(query, exp.SetOperation):
        return "all_grants" if "rule" in own else "all_instants"
    return next((name for column, name in _BY_WHAT_IS_KEPT if _any(own, column)), "rows_chosen")


def _any(columns: set[str], beginning: str) -> bool:
    return any(_begins(column, beginning) for column in columns)


def _begins(column: str, beginning: str) -> bool:
    return column.startswith(beginning) if beginning.endswith("__") else column == beginning


def _rule(query: exp.Expression) -> str | None:
    """The rule that a step writes beside each of its rows."""
    if isinstance(query, exp.Select):
        for one in query.expressions:
            if one.alias_or_name == "rule" and isinstance(one.unalias(), exp.Literal):
                return str(one.unalias().name)
    return None
