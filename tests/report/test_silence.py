"""A rule that changes no score comes with a hint at what may be the matter."""

from typing import Any

import pytest

from passerelle.core.history import Lead
from passerelle.report.silence import Evidence, silent_rules
from tests.report.office import DOCUMENT, a_lead, an_agreement, an_event, an_office

EVENTS = {"dimension": "engagement", "points": 5}
FIELDS = {"dimension": "fit", "points": 5}
ANN = a_lead(
    "ann",
    an_event("page", days=3, path="/about"),
    an_event("email_opened", days=300),
    employees=20,
    job_title="clerk",
)
BOB = a_lead("bob", job_title="clerk")


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ({**FIELDS, "field": "industry", "one_of": ["retail"]}, "Industry: no lead has it."),
        (
            {**FIELDS, "field": "job_title", "matches": ["cto"]},
            "Job title: 2 leads have it, none with a value the rule asks for. Most frequent: ",
        ),
        (
            {**FIELDS, "field": "employees", "equals": ">=500"},
            "Number of employees: 1 lead has it, with no value the rule asks for.",
        ),
        ({**EVENTS, "event": "deal_won"}, "The log has no sales won."),
        ({**EVENTS, "event": "email_open"}, "The log has no “email_open” events, but it has"),
        (
            {**EVENTS, "event": "page", "where": {"path": "/nothing"}},
            "The log has page views (1), none of which meets the rule’s conditions.",
        ),
        (
            {**EVENTS, "velocity": {"events": ["page"], "at_least": 3, "within": "1d"}},
            "The log has page views (1), never enough of them",
        ),
        (
            {**EVENTS, "distinct": {"of": "path", "events": ["page"], "at_least": 4}},
            "The log has page views (1), never enough of them",
        ),
        ({**EVENTS, "inactive": {"for": "90d"}}, "Nobody has been silent for that long."),
        ({**EVENTS, "visit": {"lasts": "1h"}}, "No visit is of the kind the rule asks for."),
        ({**EVENTS, "event": "email_opened", "window": "30d"}, "It gave points to 1 lead,"),
    ],
)
def test_a_silent_rule_has_its_hint(rule: dict[str, Any], hint: str) -> None:
    assert _hints(rule, ANN, BOB)[0].startswith(hint)


def test_a_rule_that_counts_for_somebody_is_not_silent() -> None:
    assert _hints({**EVENTS, "event": "page"}, ANN) == []


def _hints(rule: dict[str, Any], *leads: Lead) -> list[str]:
    rules = [*DOCUMENT["rules"], {"key": "silent", **rule}]
    office = an_office(leads, agreement=an_agreement(rules=rules))
    numbers = office.numbers()
    data = Evidence(numbers.fields, numbers.log)
    found = silent_rules(office.agreement, numbers.rules, data, "en")
    return [one.hint for one in found if one.rule == "silent"]
