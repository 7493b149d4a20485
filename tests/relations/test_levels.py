"""Levels in columns: a golden table of every line that holds them, and of the grades they make."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.core.builders import a_lead, a_rule, ago, an_agreement, an_event
from tests.relations.desk import scored

AGREEMENT = an_agreement(
    a_rule(
        key="size",
        dimension="fit",
        field="employees",
        bands={"<10": -20, "50..499": 25, ">=500": 60},
    ),
    a_rule(key="role", dimension="fit", field="job_title", matches=["ceo", "head*"], points=20),
    a_rule(key="page", event="page", points=10, max=40),
    a_rule(key="read", event="read", points=0.29),
    a_rule(key="opened", group="mail", event="email_opened", points=5),
    a_rule(key="bounced", group="mail", event="email_bounced", points=-15, min=-30),
    fields={"employees": "number", "job_title": "text"},
    dimensions={
        "fit": {"range": [0, 70], "unscored": 7, "weight": 0.4},
        "engagement": {"range": [-10, 45], "weight": 0.6},
    },
    groups={"mail": {"dimension": "engagement", "min": -20, "max": 10}},
    total={"weighted": ["fit", "engagement"], "range": [0, 50]},
    grades={"fit": {"A": 60, "B": 20, "C": 0}, "engagement": {"1": 29, "2": 0, "3": -10}},
)
CASES: dict[str, tuple[dict[str, int], dict[str, Any], tuple[float, float, float, str]]] = {
    # fit, engagement, total, grade
    "nothing known": ({}, {}, (7, 0, 2.8, "C2")),
    "no size of ours": ({}, {"employees": 20}, (7, 0, 2.8, "C2")),
    "too small": ({}, {"employees": 9}, (0, 0, 0, "C2")),
    "nobody's head": ({}, {"job_title": "ahead"}, (7, 0, 2.8, "C2")),
    "a head": ({}, {"job_title": "Head of sales"}, (20, 0, 8, "B2")),
    "a small one's head": ({}, {"employees": 9, "job_title": "CEO"}, (0, 0, 0, "C2")),
    "first of the middle": ({}, {"employees": 50}, (25, 0, 10, "B2")),
    "last of the middle": ({}, {"employees": 499}, (25, 0, 10, "B2")),
    "large": ({}, {"employees": 500}, (60, 0, 24, "A2")),
    "a large one's head": ({}, {"employees": 500, "job_title": "CEO"}, (70, 0, 28, "A2")),
    "pages up to the rule's line": ({"page": 5}, {}, (7, 40, 26.8, "C1")),
    "mails up to the group's line": ({"email_opened": 3}, {}, (7, 10, 8.8, "C2")),
    "both up to the dimension's line": ({"page": 5, "email_opened": 3}, {}, (7, 45, 29.8, "C1")),
    "a bounce": ({"page": 1, "email_bounced": 1}, {}, (7, -5, 0, "C3")),
    "bounces down to the rule's line": (
        {"page": 4, "email_opened": 3, "email_bounced": 3},
        {},
        (7, 25, 17.8, "C2"),
    ),
    "bounces down to the group's line": ({"page": 3, "email_bounced": 2}, {}, (7, 10, 8.8, "C2")),
    "bounces down to the dimension's line": ({"email_bounced": 2}, {}, (7, -10, 0, "C3")),
    "all up to the total's line": (
        {"page": 5, "email_opened": 3},
        {"employees": 500, "job_title": "CEO"},
        (70, 45, 50, "A1"),
    ),
    "parts of a point that make a whole": ({"read": 100}, {}, (7, 29, 20.2, "C1")),
    "not quite": ({"read": 99}, {}, (7, 28.71, 20.026, "C2")),
}


def test_every_line_holds_and_every_grade_begins_where_it_says(
    desk: duckdb.DuckDBPyConnection,
) -> None:
    leads = [
        a_lead(
            *(
                an_event(name, at=ago(1), id=f"{key} {name} {n}")
                for name, number in events.items()
                for n in range(number)
            ),
            key=key,
            **fields,
        )
        for key, (events, fields, _) in CASES.items()
    ]

    found = scored(desk, AGREEMENT, leads)

    for key, (_, _, (fit, engagement, total, grade)) in CASES.items():
        row = found[key]
        levels = [row["level__fit"], row["level__engagement"], row["level__total"]]
        assert levels == pytest.approx([fit, engagement, total]), key
        assert row["grade"] == grade, key
