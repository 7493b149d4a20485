"""The printed SQL, run as it stands in the engines that are at hand, scores as the interpreter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlglot
from sqlglot import exp

from passerelle.core.agreement import Agreement
from passerelle.core.scorer import score_lead
from passerelle.relations.engines import DIALECTS, Dialect
from tests.core.rich import NOW, RICH
from tests.parity.test_scores import assert_same
from tests.relations.crowds import EDGES, a_crowd
from tests.relations.warehouses import Warehouse, printed, score_in

SPRING = datetime(2024, 4, 6, 15, tzinfo=UTC)
"""An hour after the clocks of Lord Howe went back by half an hour."""


@pytest.mark.parametrize(
    ("agreement", "as_of", "known_at"),
    [
        pytest.param(RICH, NOW, None, id="something of everything"),
        pytest.param(EDGES, SPRING, SPRING, id="edges, as it was known"),
    ],
)
def test_printed_sql_scores_as_the_interpreter_does(
    warehouse: Warehouse, agreement: Agreement, as_of: datetime, known_at: datetime | None
) -> None:
    leads = a_crowd(as_of)

    found = score_in(warehouse, agreement, leads, as_of=as_of, known_at=known_at)

    assert set(found) == {lead.key for lead in leads}
    for lead in leads:
        expected = score_lead(agreement, lead, as_of=as_of, known_at=known_at)
        assert_same(agreement, found[lead.key], expected)
    assert len({row["stage"] for row in found.values()}) > 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_printed_is_written_to_be_read(dialect: Dialect) -> None:
    written = printed(RICH, dialect, as_of=NOW)

    assert sum(_defines(one) for one in written) == 1
    scripts = [one for one in written if not one.startswith("SET ") and not _defines(one)]
    trees = [sqlglot.parse_one(one, dialect=dialect) for one in scripts]
    assert isinstance(trees[-1], exp.Select)
    names = [cte.alias for tree in trees for cte in tree.find_all(exp.CTE)]
    names += [tree.this.name for tree in trees if isinstance(tree, exp.Create)]
    assert {"events_seen", "points_by_lead", "rule_points", "stage_lines", "standing"} <= set(names)
    assert not any(name.strip("t_").isdigit() for name in names)
    assert len(names) == len(set(names))
    assert max(len(line) for one in written for line in one.splitlines()) < 300


def _defines(statement: str) -> bool:
    return "passerelle_cool_down(times" in statement or "passerelle_cool_down AS" in statement
