"""Names that an engine would cut, shortened so that no two of them become one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from sqlglot import exp

from passerelle.core.agreement import Agreement
from passerelle.relations.engines import Dialect
from passerelle.relations.levels import level_names
from passerelle.relations.standing import hysteretic
from passerelle.relations.warehouse.steps import Step

LONGEST: Mapping[Dialect, int] = {"postgres": 63}
"""How many bytes of a name an engine keeps, where keys that may be long leave too few."""


def fitting(name: str, dialect: Dialect) -> str:
    """The name, its end replaced by eight digits of its hash where the engine would cut it."""
    longest = LONGEST.get(dialect)
    if longest is None or len(name.encode()) <= longest:
        return name
    ending = f"_{sha256(name.encode()).hexdigest()[:8]}"
    return name.encode()[: longest - len(ending)].decode(errors="ignore") + ending


def fit(steps: Sequence[Step], dialect: Dialect, *, given: Collection[str]) -> None:
    """Shorten what the steps and their columns are called, but for columns that are `given`.

    Those are cut by the engine, in the table as in the query.
    """
    for step in steps:
        step.name = fitting(step.name, dialect)
        for one in step.query.find_all(exp.Identifier):
            if one.name not in given:
                one.set("this", fitting(one.name, dialect))


def shortened_columns(agreement: Agreement, dialect: Dialect) -> dict[str, str]:
    """Of the columns that the statements give, those that are shortened, and to what."""
    names = [*level_names(agreement), *(f"enters__{key}" for key in agreement.stages)]
    names += [f"{v}__{key}" for key in hysteretic(agreement) for v in ("stays", "entered", "fell")]
    short = {name: fitting(name, dialect) for name in names}
    return {name: shortened for name, shortened in short.items() if shortened != name}
