from datetime import timedelta

import pytest

from passerelle.apps.capture.actions import record_events
from passerelle.apps.capture.models import Event, Reclassified
from passerelle.apps.history import columns
from passerelle.apps.history.queries import bulk_inputs, status
from passerelle.apps.history.worker import catch_up
from passerelle.core.agreement import Agreement
from passerelle.core.conditions import text_of
from passerelle.core.reading import read_agreement
from passerelle.core.scorer import score_leads
from passerelle.project.gallery import load_agreement
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import connect, leads_of
from tests.apps.history.log import NOW, a_lead, an_event, leads_by_row, rows_of, some_events
from tests.apps.history.worlds import random_events, random_ties
from tests.parity.test_scores import assert_same

pytestmark = pytest.mark.django_db

LITTLE = """
passerelle: 1
key: little
fields: {employees: number, industry: text}
dimensions: {all: {}}
rules:
  - {key: long, dimension: all, event: "*", where: {seconds: ">100"}, points: 2}
  - {key: many, dimension: all, field: employees, bands: {">=40": 10}}
  - {key: bank, dimension: all, field: industry, one_of: [bank, health], points: 5}
  - {key: deep, dimension: all, event: page, where: {deep.er: "a"}, points: 1, first_only: path}
  - {key: silent, dimension: all, inactive: {for: 30d}, points: -3}
total: {sum: [all]}
stages: {lead: {}, mql: {when: {total: ">=10"}}}
"""


def _agreement(key: str) -> Agreement:
    return read_agreement(LITTLE) if key == "little" else load_agreement(key)


@pytest.mark.parametrize("key", ["little", "demo", "hubspot"])
@pytest.mark.parametrize("seed", [1])
def test_everybody_at_once_scores_as_each_lead_row_by_row(key: str, seed: int) -> None:
    agreement = _agreement(key)
    record_events(random_events(seed, count=300))
    catch_up(NOW)
    record_events(random_events(seed, count=300, start=300))
    catch_up(NOW)
    record_events(random_events(seed, count=100, start=600))
    random_ties(seed)

    with connect(threads=1) as engine:
        bulk_inputs(engine, agreement)
        score_into(engine, agreement, as_of=NOW, events_a_chunk=150)
        found = {row["lead"]: row for row in rows_of(engine, "FROM scored")}

    expected = score_leads(agreement, leads_by_row(agreement), as_of=NOW)
    assert set(found) == {score.lead for score in expected}
    for score in expected:
        assert_same(agreement, found[score.lead], score)


def test_with_few_columns_the_rest_is_read_from_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MOST_COLUMNS", 3)
    agreement = _agreement("demo")
    record_events(random_events(5, count=400))
    catch_up(NOW)
    record_events(random_events(5, count=100, start=400))
    random_ties(5)

    with connect(threads=1) as engine:
        bulk_inputs(engine, agreement)
        logs = leads_of(engine, agreement, [lead.key for lead in leads_by_row(agreement)])

    asked = {name for lead in logs for event in lead.events for name in event.properties}
    assert len(asked) > 3
    for read, lead in zip(logs, leads_by_row(agreement), strict=True):
        told = {(e.id, e.occurred_at, e.received_at, e.name): e.properties for e in read.events}
        assert len(told) == len(lead.events)
        for event in lead.events:
            found = told[event.id, event.occurred_at, event.received_at, event.name]
            texts = {name: text_of(value) for name, value in event.properties.items()}
            assert {n: v for n, v in texts.items() if v and n in asked} == {
                n: v for n, v in found.items() if v
            }


def test_what_was_not_yet_known_is_left_out() -> None:
    a_lead("d1")
    early = NOW - timedelta(days=2)
    record_events([an_event(1, occurred_at=early, received_at=early), an_event(8)])

    with connect(threads=1) as engine:
        bulk_inputs(engine, _agreement("little"), known_at=NOW - timedelta(days=1))
        found = rows_of(engine, "FROM events")

    assert [row["id"] for row in found] == [":m1"]


def test_an_empty_installation_has_nobody_to_score() -> None:
    agreement = _agreement("demo")

    with connect(threads=1) as engine:
        bulk_inputs(engine, agreement)
        score_into(engine, agreement, as_of=NOW)
        found = rows_of(engine, "FROM scored")

    assert found == []


def test_a_lead_without_events_is_scored_all_the_same() -> None:
    lead = a_lead()

    with connect(threads=1) as engine:
        bulk_inputs(engine, _agreement("little"))
        score_into(engine, _agreement("little"), as_of=NOW)
        found = rows_of(engine, "FROM scored")

    assert [row["lead"] for row in found] == [str(lead.pk)]


def test_the_status_says_how_far_the_copy_has_come() -> None:
    some_events(30)
    catch_up(NOW)
    some_events(5, start=30)

    found = status(NOW + timedelta(seconds=40))

    assert (found.rows, found.waiting, found.lag) == (30, 5, timedelta(seconds=40))
    assert found.first_month == found.last_month == "2026-11"


def test_who_turned_out_to_be_a_robot_is_not_scored_even_before_the_files_say_so() -> None:
    a_lead("d1")
    some_events(9)
    catch_up(NOW)
    robots = Event.objects.filter(message_id="m1")
    robots.update(robot="bot")
    Reclassified.objects.create(event=robots.get(), at=NOW)

    with connect(threads=1) as engine:
        bulk_inputs(engine, _agreement("little"))
        found = rows_of(engine, "FROM events")

    assert [row["id"] for row in found] == ["None:m8"]
