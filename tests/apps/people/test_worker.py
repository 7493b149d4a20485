"""What the worker makes of what arrived."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from passerelle.apps.capture.actions import record_events
from passerelle.apps.capture.models import Arrival, Event
from passerelle.apps.people import taking_in
from passerelle.apps.people.hearing import hear
from passerelle.apps.people.models import Claim, Lead, Postponed, Touched
from passerelle.apps.people.queries import logs_of
from passerelle.apps.people.worker import work
from passerelle.core.reading import read_agreement
from tests.apps.people.builders import (
    NOW,
    an_event,
    at,
    everything,
    finish,
    identify,
    lead_of,
    refusals,
    take_in,
    the_lead,
    ties,
)

pytestmark = pytest.mark.django_db

AGREEMENT = read_agreement(
    """
passerelle: 1
key: acme
language: en
timezone: Europe/Paris
fields: {job_title: text, employees: number}
dimensions: {fit: {range: [0, 100]}}
rules:
  - {key: boss, dimension: fit, field: job_title, matches: [ceo], points: 30}
total: {sum: [fit], range: [0, 100]}
stages: {mql: {when: {total: ">=50"}}}
"""
)


def test_a_visitor_who_stays_anonymous_makes_no_lead() -> None:
    take_in(an_event(1, device="d1"), an_event(2, device="d1"))

    assert not Lead.objects.exists()
    assert not Arrival.objects.exists()


def test_who_fills_in_a_form_becomes_a_lead_with_the_pages_seen_before() -> None:
    take_in(an_event(1, device="d1"), an_event(2, device="d1"))
    take_in(an_event(3, "track", email="lea@acme.fr", device="d1", name="form_submitted"))

    lead = the_lead("email", "lea@acme.fr")
    assert lead.created_at == at(3)
    assert lead.last_seen_at == at(3)
    assert lead_of("device", "d1", 1) == lead
    [log] = logs_of(AGREEMENT, [lead.pk])
    assert sorted(event.name for event in log.events) == ["form_submitted", "page", "page"]
    assert Touched.objects.get().first_at == at(1)


def test_traits_become_fields_and_changes_of_fields() -> None:
    take_in(
        identify(
            1, user="u1", device="d1", email="Lea@Acme.FR", firstName="Léa", lastName="Roy",
            title="CEO", company={"name": "Acme", "employees": 120},
        )
    )  # fmt: skip

    lead = the_lead("user", "u1")
    assert (lead.name, lead.email, lead.job_title) == ("Léa Roy", "lea@acme.fr", "CEO")
    assert lead.company is not None
    assert (lead.company.name, lead.company.domain) == ("Acme", "acme.fr")
    [log] = logs_of(AGREEMENT, [lead.pk])
    changed = {
        str(e.properties["field"]): e.properties["value"]
        for e in log.events
        if e.name == "field_changed"
    }
    assert changed["job_title"] == "CEO"
    assert changed["employees"] == 120
    assert changed["email"] == "Lea@Acme.FR"


def test_a_later_value_stands_even_if_an_earlier_one_comes_in_late() -> None:
    take_in(identify(9, user="u1", email="lea@acme.fr", title="CEO"))
    take_in(identify(5, user="u1", email="lea@acme.fr", title="Intern"))

    assert the_lead("user", "u1").job_title == "CEO"


def test_mautic_4211_the_next_user_of_a_browser_does_not_get_the_first_ones_log() -> None:
    take_in(an_event(1, device="d1"), identify(10, user="anne", device="d1"))
    take_in(an_event(30, device="d1"), identify(50, user="bruno", device="d1"))
    take_in(an_event(60, device="d1"))

    anne, bruno = the_lead("user", "anne"), the_lead("user", "bruno")
    logs = logs_of(AGREEMENT, [anne.pk, bruno.pk])
    assert sorted(e.occurred_at for e in logs[0].events) == [at(1), at(10), at(30)]
    assert sorted(e.occurred_at for e in logs[1].events) == [at(50), at(60)]
    assert refusals() == {("d1", "bruno", "device_changed_hands", at(50))}


def test_mautic_16425_the_key_of_a_known_lead_stays_when_an_anonymous_device_joins() -> None:
    take_in(identify(1, user="u1", email="lea@acme.fr"))
    key = the_lead("user", "u1").key
    take_in(an_event(0, device="d9"), identify(20, user="u1", device="d9"))

    assert the_lead("user", "u1").key == the_lead("device", "d9").key == key
    assert Lead.objects.count() == 1


def test_mautic_5155_an_event_that_was_anonymous_counts_once_after_a_join() -> None:
    take_in(an_event(1, "track", name="download", device="d1", message="once"))
    take_in(an_event(3, "track", email="lea@acme.fr", device="d1", name="form_submitted"))
    take_in(identify(5, user="u1", device="d1", email="lea@acme.fr"))
    take_in(an_event(1, "track", name="download", device="d1", message="once"))

    lead = the_lead("user", "u1")
    [log] = logs_of(AGREEMENT, [lead.pk])
    assert [e.name for e in log.events].count("download") == 1
    assert the_lead("email", "lea@acme.fr") == lead


def test_mautic_11527_two_forms_with_two_addresses_on_one_device_are_two_leads() -> None:
    take_in(
        an_event(1, "track", email="anne@acme.fr", device="d1", name="form_submitted"),
        an_event(2, "track", email="bruno@acme.fr", device="d1", name="form_submitted"),
    )

    assert the_lead("email", "anne@acme.fr") != the_lead("email", "bruno@acme.fr")


def test_leads_that_turn_out_to_be_one_keep_the_older_key_and_the_other_leads_there() -> None:
    take_in(identify(1, email="lea@acme.fr"))
    take_in(identify(5, user="u1"))
    take_in(identify(9, user="u1", email="lea@acme.fr"))

    lead = the_lead("email", "lea@acme.fr")
    assert the_lead("user", "u1") == lead
    merged = Lead.objects.exclude(pk=lead.pk).get()
    assert merged.merged_into == lead
    assert merged.created_at == at(5)


def test_robots_identify_nobody() -> None:
    event = an_event(1, "identify", user="u1", robot="bot")

    take_in(event)

    assert not Lead.objects.exists()


def test_placeholders_are_refused_with_their_reason_and_make_no_lead() -> None:
    take_in(identify(1, user="undefined", device="d1", email="lea@acme.fr"))

    assert not Lead.objects.exists()
    assert {reason for _, _, reason, _ in refusals()} == {"junk_identifier"}


def test_an_address_that_becomes_shared_lets_go_of_whom_it_had_joined() -> None:
    office = "office@acme.fr"
    take_in(identify(0, email=office))
    take_in(*(identify(n, user=f"u{n}", email=office) for n in range(1, 6)))
    assert the_lead("user", "u1") == the_lead("email", office)

    take_in(identify(6, user="u6", email=office))

    leads = {the_lead("user", f"u{n}").key for n in range(1, 7)} | {the_lead("email", office).key}
    assert len(leads) == 7
    assert {reason for _, _, reason, _ in refusals()} == {"shared_identifier"}


def test_a_page_of_a_known_lead_costs_a_few_queries_a_batch() -> None:
    take_in(*(identify(n, user=f"u{n}", device=f"d{n}", email=f"p{n}@acme.fr") for n in range(60)))
    record_events(an_event(100 + n, user=f"u{n}", device=f"d{n}") for n in range(60))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        work(NOW)

    assert len(queries) <= 20, [q["sql"][:90] for q in queries]
    assert the_lead("user", "u7").last_seen_at == at(107)


def test_repeats_leave_no_claims() -> None:
    take_in(*(identify(n, user="u1", device="d1", email="lea@acme.fr") for n in range(50)))

    assert Claim.objects.count() == 3


def test_touches_say_where_somebody_came_from() -> None:
    url = {"url": "https://www.acme.fr/pricing", "path": "/pricing"}
    ad = {"campaign": {"source": "google", "medium": "cpc", "name": "spring"}}
    take_in(
        an_event(1, device="d1", properties={**url, "referrer": "https://www.bing.com/"}),
        an_event(2, device="d1", properties={**url, "referrer": "https://www.acme.fr/"}),
        an_event(3, device="d1", properties=url, context=ad),
        an_event(4, device="d1", properties=url),
        identify(5, user="u1", device="d1"),
    )
    take_in(an_event(6, user="u1", device="d1", properties=url))

    lead = the_lead("user", "u1")
    assert lead.first_touch["channel"] == lead.source == "organic"
    assert (lead.last_touch["channel"], lead.last_touch["campaign"]) == ("ads", "spring")


def test_a_free_mailbox_is_no_company_but_the_company_they_say_is() -> None:
    take_in(
        identify(1, email="lea@gmail.com"), identify(2, email="tom@gmail.com", company="Roy SA")
    )

    assert the_lead("email", "lea@gmail.com").company is None
    company = the_lead("email", "tom@gmail.com").company
    assert company is not None
    assert (company.name, company.domain) == ("Roy SA", None)


def test_leads_of_subdomains_roll_up_to_one_company() -> None:
    take_in(identify(1, email="a.b@uk.acme.co.uk"), identify(2, email="c@acme.co.uk"))

    companies = {the_lead("email", e).company for e in ("a.b@uk.acme.co.uk", "c@acme.co.uk")}
    assert len(companies) == 1


def a_tangled_log(dice: random.Random) -> list:  # type: ignore[type-arg]
    events = []
    for n in range(60):
        minute = dice.randrange(40)
        match dice.choice(["page", "page", "identify", "identify", "form", "alias", "both"]):
            case "page":
                events.append(an_event(minute, device=f"d{dice.randrange(5)}", message=f"t{n}"))
            case "both":
                user, device = f"u{dice.randrange(5)}", f"d{dice.randrange(5)}"
                events.append(an_event(minute, user=user, device=device, message=f"t{n}"))
            case "form":
                events.append(
                    an_event(minute, "track", email=f"p{dice.randrange(4)}@acme.fr",
                             device=f"d{dice.randrange(5)}", message=f"t{n}", name="form")
                )  # fmt: skip
            case "alias":
                events.append(
                    an_event(minute, "alias", user=f"u{dice.randrange(5)}", message=f"t{n}",
                             properties={"previousId": f"{dice.choice('du')}{dice.randrange(5)}"})
                )  # fmt: skip
            case _:
                traits = {"email": f"p{dice.randrange(4)}@acme.fr"} if dice.random() < 0.6 else {}
                events.append(
                    an_event(minute, "identify", user=f"u{dice.randrange(5)}", message=f"t{n}",
                             device=f"d{dice.randrange(5)}" if dice.random() < 0.7 else "",
                             properties={**traits, "title": f"job {n}"})
                )  # fmt: skip
    return events


@pytest.mark.parametrize("seed", range(6))
def test_however_a_log_comes_in_the_same_people_come_out(seed: int) -> None:
    dice = random.Random(seed)
    events = a_tangled_log(dice)
    outcomes = []
    for turn in range(4):
        shuffled = dice.sample(events, len(events))
        parts = (
            [events] if not turn else [shuffled[n : n + 7 * turn] for n in range(0, 60, 7 * turn)]
        )
        with transaction.atomic():
            for part in parts:
                take_in(*part)
            outcomes.append(everything())
            transaction.set_rollback(True)

    for one, other in pairwise(outcomes):
        assert one == other


def test_what_is_taken_in_twice_changes_nothing() -> None:
    events = a_tangled_log(random.Random(7))
    take_in(*events)
    before = everything()

    Arrival.objects.bulk_create(
        Arrival(subject_id=pk, identifying=True, first_at=at(0))
        for pk in Claim.objects.values_list("first", flat=True).distinct()
    )
    take_in()

    assert everything() == before
    assert ties()


def test_what_a_bug_keeps_from_being_taken_in_is_put_off_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record_events([identify(1, user="good"), identify(2, user="bad")])

    def broken(events: list[Event]) -> set[int]:
        if any(event.subject.value == "bad" for event in events):
            raise RuntimeError("a bug")
        return hear(events)

    with monkeypatch.context() as patched:
        patched.setattr(taking_in, "hear", broken)
        finish()
    good, bad = lead_of("user", "good"), lead_of("user", "bad")
    finish(NOW + timedelta(minutes=2))

    assert good is not None
    assert bad is None
    assert lead_of("user", "bad") is not None
    assert Postponed.objects.get().why == "RuntimeError"
