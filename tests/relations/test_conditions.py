"""A test of texts means in columns what it means to the interpreter."""

from __future__ import annotations

import duckdb
import ibis
import pytest

from passerelle.core.conditions import DomainIn, InRange, Is, Missing, Patterns, Test
from passerelle.core.ranges import parse_range
from passerelle.relations.conditions import holds
from passerelle.relations.sql import sql

TEXTS = (
    None,
    "",
    " ",
    "CEO",
    "ceo\n",
    "Chef\nd’équipe",
    "ÉTUDIANTE",
    "étudiant",
    "İstanbul",
    "ΣΊΣΥΦΟΣ",
    "Straße",
    "STRASSE",
    "a*b",
    "axb",
    "a.b",
    "100 %_",
    "[ceo]",
    "50",
    "50.0",
    "true",
    "TRUE",
    "x@Rival.Example",
    "x@eu.rival.example",
    "x@notrival.example",
    "a@b@rival.example",
    "rival.example",
    "x\n@rival.example",
    "x@rival.example\n",
)
TESTS: tuple[Test, ...] = (
    Patterns(("ceo",)),
    Patterns(("CEO", "étudiant*")),
    Patterns(("*ÉTUDIANT*",)),
    Patterns(("chef*équipe",)),
    Patterns(("a*b",)),
    Patterns(("a.b",)),
    Patterns(("*",)),
    Patterns(("100 %_",)),
    Patterns(("[ceo]*",)),
    Patterns(("50",)),
    Patterns(("istanbul", "σίσυφοσ", "straße")),
    Patterns(("*\n*",)),
    Missing(),
    Missing(missing=False),
    Is(True),
    Is(False),
    DomainIn(("rival.example",)),
)


@pytest.mark.parametrize("test", TESTS, ids=str)
def test_a_condition_on_a_column_holds_where_the_test_does(test: Test) -> None:
    table = ibis.table({"place": "int64", "text": "string"}, name="t")
    query = sql(table.select("place", here=holds(test, table.text)))

    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (place BIGINT, text VARCHAR)")
        engine.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(TEXTS)))
        found = dict(engine.execute(query).fetchall())

    expected = {place: test.holds(text) for place, text in enumerate(TEXTS)}
    assert {TEXTS[n]: found[n] for n in found} == {TEXTS[n]: expected[n] for n in expected}


@pytest.mark.parametrize("line", [">10", ">=10", "<10", "<=10", "10..60", "10..<60", "10"])
def test_a_range_holds_in_a_column_up_to_its_very_ends(line: str) -> None:
    numbers = (None, -10.0, 9.999999, 10.0, 10.000001, 59.999999, 60.0, 60.000001)
    test = InRange(parse_range(line))
    table = ibis.table({"place": "int64", "number": "float64"}, name="t")
    query = sql(table.select("place", here=holds(test, table.number)))

    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (place BIGINT, number DOUBLE)")
        engine.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(numbers)))
        found = dict(engine.execute(query).fetchall())

    assert found == {place: test.holds(number) for place, number in enumerate(numbers)}
