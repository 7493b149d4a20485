"""What each step of a query is called: after the columns that it adds to those it reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

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
    ("back_reason", "returns"),
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
    ("before", "numbered_in_periods"),
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

_OF_A_RULE = ("granted_by_", "counted_", "days_of_")
"""How names begin that end in the key of a rule."""

_PASSES = {"stages_last_entered": "_earlier", "points_since_back": "_since_back"}
"""Steps that look at the log once more, and what those are called besides that they alone read."""


def step_names(steps: Sequence[Step], tables: Schemas) -> list[str]:
    """A name for each step, no two alike."""
    columns: dict[str, set[str]] = {name: set(names) for name, names in tables.items()}
    names: list[str] = []
    for step in steps:
        own = columns[step.name] = set(columns_of(step.query))
        names.append(_name(step.query, own, columns))
    return _told_apart(steps, [*names[:-1], "scores"], tables)


def _told_apart(steps: Sequence[Step], names: Sequence[str], tables: Schemas) -> list[str]:
    """Steps with one name told apart by what they are read for, and at last by numbers."""
    passes = _heard(steps, names, lambda name, own: f"{_PASSES.get(name, '')}{own}")
    rules = _heard(steps, names, lambda name, own: _of_rule(name) or own)
    names = _with_endings(_with_endings(names, passes), rules)
    alike = Counter(names)
    readers = _heard(
        steps, names, lambda name, _: f"_for_{name}" if alike[name] == 1 and name else ""
    )
    short = [
        one if not before and one.count("_for_") == 1 else ""
        for one, before in zip(readers, passes, strict=True)
    ]
    return _numbered(_with_endings(names, short), tables)


def _heard(
    steps: Sequence[Step], names: Sequence[str], says: Callable[[str, str], str]
) -> list[str]:
    """By step the ending that all its readers say, from their names and their own endings."""
    said: dict[str, set[str]] = defaultdict(set)
    endings: list[str] = []
    for step, name in reversed(list(zip(steps, names, strict=True))):
        shortest = min(said[step.name], key=len, default="")
        own = shortest if all(one.endswith(shortest) for one in said[step.name]) else ""
        endings.append(own)
        for select in selects_of(step.query):
            for source in sources_of(select):
                said[source.name].add(says(name, own))
    return endings[::-1]


def _of_rule(name: str) -> str:
    rules = [name.removeprefix(one) for one in _OF_A_RULE if name.startswith(one)]
    return f"_for_{rules[0]}" if rules else ""


def _with_endings(names: Sequence[str], endings: Iterable[str]) -> list[str]:
    alike = Counter(names)
    both = zip(names, endings, strict=True)
    return [f"{name}{ending}" if alike[name] > 1 else name for name, ending in both]


def _numbered(names: Sequence[str], tables: Schemas) -> list[str]:
    reserved, numbered = {*names, *tables}, set[str]()
    told: list[str] = []
    for name in names:
        free = (f"{name}_{number}" for number in count(2))
        alone = name not in numbered and name not in tables
        own = name if alone else next(n for n in free if n not in reserved | numbered)
        numbered.add(own)
        told.append(own)
    return told


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
