"""What would raise a lead: each suggestion does what it says, and fewer events would not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from passerelle.core.history import Event, Lead
from passerelle.core.outlook import what_would_change
from passerelle.core.scorer import score_lead
from passerelle.core.standing import rank
from tests.core.rich import NOW, RICH, a_lead, an_agreement, an_event, leads, past

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
SILENT = """
passerelle: 1
key: silent
dimensions: {engagement: {range: [0, 100], weight: 1}}
rules:
  - {key: took, dimension: engagement, event: download, points: 60, first_only: person}
  - {key: silent, dimension: engagement, inactive: {for: 30d, events: [page, download]},
     points: -20}
  - {key: several, dimension: engagement, points: 15,
     distinct: {of: asset, at_least: 2, events: download}}
total: {weighted: [engagement]}
stages: {mql: {when: {total: ">=50"}}}
"""
DIFFERENT = """
passerelle: 1
key: different
dimensions: {engagement: {range: [0, 100], weight: 1}}
rules:
  - {key: each, dimension: engagement, event: [page, email_opened, download], points: 1}
  - {key: several, dimension: engagement, points: 50,
     distinct: {of: event, at_least: 3, events: EVENTS}}
total: {weighted: [engagement]}
stages: {mql: {when: {total: ">=50"}}}
"""


def test_what_raises_the_stage_with_the_fewest_events_stands_first() -> None:
    lead = a_lead(an_event("email_opened"), employees=60, job_title="CEO", industry="retail")

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=20)

    assert [s.of for s in suggestions[:3]] == ["vip", "pricing", "webinar"]
    pricing = suggestions[1]
    assert (pricing.event, pricing.properties, pricing.times) == (
        "page",
        {"path": "/pricing"},
        1,
    )
    assert (pricing.gain, pricing.total) == (Decimal(9), Decimal("35.6"))
    assert pricing.stage == "mql"
    assert [s.rises for s in suggestions] == sorted([s.rises for s in suggestions], reverse=True)


def test_an_event_that_counts_once_a_value_comes_with_a_new_value() -> None:
    lead = a_lead(an_event("form_submitted", asset="ebook-…"), employees=60)

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=20)

    ebook = next(s for s in suggestions if s.of == "ebook")
    assert [e.properties["asset"] for e in ebook.events][:1] == ["ebook-…2"]


@pytest.mark.parametrize("events", ["[email_opened, page, download]", '"*"'])
def test_where_different_events_count_those_not_seen_yet_are_suggested(events: str) -> None:
    agreement = an_agreement(lambda _: DIFFERENT.replace("EVENTS", events))
    lead = Lead("ada", {}, [an_event("page")])

    suggestions = what_would_change(agreement, lead, as_of=NOW)

    (several,) = (s for s in suggestions if s.of == "several")
    assert [event.name for event in several.events] == ["email_opened", "download"]
    assert (several.stage, several.rises) == ("mql", True)


def test_a_sign_of_life_is_suggested_to_who_is_silent() -> None:
    agreement = an_agreement(lambda _: SILENT)
    lead = Lead("ada", {}, [an_event("download", asset="a", ago=40 * DAY)])

    suggestions = what_would_change(agreement, lead, as_of=NOW)

    several, silent = (s for s in suggestions if s.of in ("silent", "several"))
    assert (silent.event, silent.times, silent.gain) == ("page", 1, Decimal(20))
    assert (several.event, several.times, several.gain) == ("download", 1, Decimal(35))


def test_an_unanswered_field_is_asked_for_with_its_best_answer() -> None:
    suggestions = what_would_change(RICH, a_lead(employees=60), as_of=NOW, most=20)

    fields = {s.of: s.properties for s in suggestions if s.event == "field_changed"}
    assert fields == {
        "recommended": {"field": "source", "value": "customer_referral"},
        "role": {"field": "job_title", "value": "ceo"},
        "branch": {"field": "industry", "value": "software"},
    }


def test_what_sales_still_has_to_do_is_suggested_as_a_whole() -> None:
    lead = a_lead(an_event("vip_named"), an_event("accepted"))

    suggestions = what_would_change(RICH, lead, as_of=NOW)

    whole = next(s for s in suggestions if s.kind == "qualification")
    assert [step.event for step in whole.steps] == ["meeting_booked", *["bant_assessed"] * 3]
    assert whole.stage == "sql"


def test_a_visit_that_comes_back_is_suggested_for_when_it_would_count() -> None:
    lead = a_lead(an_event("page", path="/", ago=DAY))

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=20)

    back = next(s for s in suggestions if s.of == "back")
    assert back.events[0].occurred_at == NOW + 6 * DAY + MICROSECOND


def test_a_disqualified_lead_gets_no_suggestion() -> None:
    assert what_would_change(RICH, a_lead(email="x@rival.example"), as_of=NOW) == ()


@given(leads())
@settings(max_examples=25)
def test_a_suggestion_does_what_it_says(lead: Lead) -> None:
    now = score_lead(RICH, past(lead), as_of=NOW)

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=30)

    for one in suggestions:
        after = score_lead(
            RICH,
            replace(lead, events=[*past(lead).events, *one.events]),
            as_of=one.events[-1].occurred_at,
        )
        assert (after.total, after.stage) == (one.total, one.stage)
        assert one.gain == after.total - now.total
        assert one.rises == (rank(RICH, after.stage) > rank(RICH, now.stage)) or _late(one.events)
        assert one.rises or one.gain > 0
    costs = [(not s.rises, len(s.events), -s.gain) for s in suggestions]
    assert costs == sorted(costs)


@given(leads())
@settings(max_examples=15)
def test_no_fewer_of_the_same_events_would_have_raised_the_stage(lead: Lead) -> None:
    now = score_lead(RICH, past(lead), as_of=NOW)

    for one in what_would_change(RICH, lead, as_of=NOW, most=30):
        if one.rises and one.kind == "rule":
            for fewer in range(1, len(one.events)):
                events = [*past(lead).events, *one.events[:fewer]]
                at = one.events[fewer - 1].occurred_at
                before = score_lead(RICH, replace(lead, events=events), as_of=at)
                here = rank(RICH, before.stage) <= rank(RICH, now.stage)
                assert here or _late(one.events[:fewer])  # days alone may raise it


def _late(events: Sequence[Event]) -> bool:
    return RICH.day(events[-1].occurred_at) != RICH.day(NOW)
