"""What a field changed to is read in columns as the interpreter reads it."""

from __future__ import annotations

from typing import Any

import duckdb

from passerelle.relations.duck import score_all
from tests.core.builders import NOW, a_change, a_lead, a_rule, ago, an_agreement, an_event, score
from tests.parity.tables import fill
from tests.parity.test_scores import rows
from tests.relations.warehouses import Warehouse, score_in

FIELDS = {"employees": "number", "newsletter": "boolean", "since": "date", "city": "text"}
WORTH: dict[str, list[tuple[str, Any, int]]] = {
    "employees": [("missing", True, 1), ("equals", 500, 2)],
    "newsletter": [("missing", True, 4), ("is", True, 8)],
    "since": [("missing", True, 16), ("matches", ["2024-05-01"], 32)],
    "city": [("missing", True, 64), ("matches", ["*paris*"], 128)],
}
CHANGES = {
    "employees": [
        *("500", "  500 ", "+5e2", "500.", "0500", "\t500", "500\n", "\u00a0500", "\u202f500"),
        *("5 00", "1_000", "0x1F4", "\u0665\u0660\u0660", "nan", "inf", "1e400"),
        *("9" * 400, "", " "),
    ],
    "newsletter": ["true", "TRUE", " true", "True\n", "1", "yes", "false", "no", ""],
    "since": [
        *("2024-05-01", " 2024-05-01", "2024-05-01\n", "2024-5-1", "20240501", "2024-W18-3"),
        *("2024-05-01T00:00:00", "2024-05-01 10:00:00", "2024-02-30", "0000-01-01", "today", ""),
    ],
    "city": ["Paris", " PARIS ", "à\nParis", " ", ""],
}


def test_a_changed_field_is_read_as_the_interpreter_reads_it(warehouse: Warehouse) -> None:
    asked = [(field, *line) for field, lines in WORTH.items() for line in lines]
    agreement = an_agreement(
        *(
            a_rule(key=f"r{n}", field=field, points=points, **{test: value})
            for n, (field, test, value, points) in enumerate(asked)
        ),
        fields=FIELDS,
    )
    leads = [
        a_lead(a_change(field, value, at=ago(1)), key=f"{field} {value!r}")
        for field, values in CHANGES.items()
        for value in values
    ]

    found = score_in(warehouse, agreement, leads, as_of=NOW)

    totals = {lead.key: float(score(agreement, lead).total) for lead in leads}
    assert {key: row["level__total"] for key, row in found.items()} == totals
    assert totals["employees '  500 '"] == totals["employees '+5e2'"]
    assert totals["employees '\\t500'"] == totals["employees ''"]


def test_the_last_change_by_then_stands_and_of_two_at_once_the_larger_id(
    desk: duckdb.DuckDBPyConnection,
) -> None:
    agreement = an_agreement(
        {"key": "size", "dimension": "engagement", "field": "employees", "bands": {"1": 1, "2": 2}},
        fields=FIELDS,
    )
    leads = [
        a_lead(key="never", employees=2),
        a_lead(a_change("employees", "1", at=ago(2)), key="once", employees=2),
        a_lead(
            a_change("employees", "1", at=ago(1)), a_change("employees", "2", at=ago(2)), key="last"
        ),
        a_lead(
            *(
                an_event("field_changed", id=id_, field="employees", value=value, at=ago(1))
                for id_, value in (("b", "1"), ("a", "2"))
            ),
            key="at once",
        ),
        a_lead(a_change("employees", "", at=ago(1)), key="emptied", employees=2),
        a_lead(a_change("employees", "1", at=ago(-1)), key="tomorrow", employees=2),
        a_lead(a_change("city", "1", at=ago(1)), key="another field", employees=2),
    ]
    fill(desk, agreement, leads)

    found = rows(score_all(desk, agreement, as_of=NOW))

    assert {key: row["level__total"] for key, row in found.items()} == {
        "never": 2,
        "once": 1,
        "last": 1,
        "at once": 1,
        "emptied": 0,
        "tomorrow": 2,
        "another field": 2,
    }
