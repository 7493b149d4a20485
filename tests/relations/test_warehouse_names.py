"""Names in the printed SQL: told apart, short enough for the engine, and the same each time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from passerelle.core.agreement import Agreement
from passerelle.core.history import Lead
from passerelle.core.reading import read_agreement
from passerelle.core.scorer import score_lead
from passerelle.relations.engines import DIALECTS, Dialect
from passerelle.relations.warehouse.fitting import fitting, shortened_columns
from tests.core.builders import NOW, a_lead, a_rule, ago, an_agreement, an_event, score
from tests.gallery.story import gallery_files
from tests.parity.test_scores import assert_same
from tests.relations.warehouses import InPostgres, printed, score_in

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "agreement.yaml"
LONG = "a_rule_whose_key_says_far_more_than_any_key_of_a_rule_should"


@pytest.mark.parametrize(
    ("file", "dialect"),
    list(zip([*gallery_files(), BENCHMARK], cycle(DIALECTS), strict=False)),
    ids=lambda one: one if isinstance(one, str) else one.stem,
)
def test_every_agreement_is_printed_in_some_dialect(file: Path, dialect: Dialect) -> None:
    agreement = read_agreement(file.read_text("utf-8"))

    written = printed(agreement, dialect, as_of=NOW)

    queries = [one for one in written if not one.startswith("SET ") and "passerelle_" not in one]
    trees = [sqlglot.parse_one(one, dialect=dialect) for one in queries]
    names = [cte.alias for tree in trees for cte in tree.find_all(exp.CTE)]
    names += [tree.this.name for tree in trees if isinstance(tree, exp.Create)]
    assert len(names) == len(set(names))


def test_numbers_at_the_end_of_keys_are_not_taken_for_numbers_of_steps() -> None:
    days = {"of": "day", "at_least": 2}
    agreement = an_agreement(
        *(a_rule(key=key, distinct=dict(days), points=1) for key in ("days", "days_2", "days_3")),
        stages={"mql": {"when": {"total": ">=5"}, "falls_below": 2}},
    )

    *_, query = printed(agreement, "duckdb", as_of=NOW)

    names = [cte.alias for cte in sqlglot.parse_one(query, dialect="duckdb").find_all(exp.CTE)]
    assert {"counted_days", "counted_days_2", "counted_days_3"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("length", [63, 64, 69, 200])
def test_a_long_name_keeps_its_beginning_and_stays_apart(length: int) -> None:
    names = ["é" + letter + "x" * (length - 3) for letter in "ab"]
    names += ["x" * (length - 2) + "é", "x" * (length - 1) + "y"]

    found = [fitting(name, "postgres") for name in names]

    assert len(set(found)) == len(names)
    assert all(len(name.encode()) <= 63 for name in found)
    assert (
        found == names
        if length == 63
        else all(a[:40] == b[:40] for a, b in zip(names, found, strict=True))
    )
    assert [fitting(name, "duckdb") for name in names] == names
    assert [fitting(name, "postgres") for name in found] == found


def test_long_keys_stay_apart_in_postgresql(require: Callable[[str], str]) -> None:
    agreement, leads = _with_long_keys()
    warehouse = InPostgres(require("postgresql"))

    found = score_in(warehouse, agreement, leads, as_of=NOW)

    warehouse.close()
    names = shortened_columns(agreement, "postgres")
    assert len(names) > 10
    assert len(set(names.values())) == len(names)
    for lead in leads:
        row = found[lead.key]
        whole = row | {name: row[short] for name, short in names.items()}
        assert_same(agreement, whole, score_lead(agreement, lead, as_of=NOW))
    assert score(agreement, leads[0]).total == 10 + 2 + 4


def _with_long_keys() -> tuple[Agreement, list[Lead]]:
    assert len(LONG) == 60
    one, two, three = (LONG[:-1] + end for end in "123")
    agreement = an_agreement(
        a_rule(key=one, event="page", points=10, cool_down="1d"),
        a_rule(key=two, event="download", points=2, cool_down="2d"),
        a_rule(key=three, distinct={"of": "day", "at_least": 2}, points=4),
        fields={LONG[:-1] + "4": "text", LONG[:-1] + "5": "text"},
        stages={
            one: {"when": {"total": ">=12"}, "falls_below": 5},
            two: {"when": {"fields": {LONG[:-1] + "5": "now"}}},
        },
    )
    leads = [
        a_lead(
            an_event("page", at=ago(1), id="1"),
            an_event("download", at=ago(3), id="2"),
            an_event("download", at=ago(2), id="3"),
        ),
        a_lead(
            an_event("field_changed", id="4", field=LONG[:-1] + "5", value="now", at=ago(1)),
            key="late",
        ),
    ]
    return agreement, leads
