"""Somebody who is to be forgotten is in no table and no file afterwards; counts stay right."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection, transaction

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.capture.log import append
from passerelle.apps.capture.models import Drop, Event, Intake
from passerelle.apps.history import forgetting as history_forgetting
from passerelle.apps.history import worker as history
from passerelle.apps.people import worker
from passerelle.apps.people.actions import merge_leads
from passerelle.apps.people.models import (
    Company,
    Lead,
    Tie,
)
from passerelle.apps.people.models_privacy import Erasure, WhyErased
from passerelle.apps.people.privacy_erasing import carry_out_erasures, request_erasure
from passerelle.apps.people.privacy_retention import retire
from passerelle.apps.scoring import forgetting as scoring_forgetting
from passerelle.apps.scoring.models import Score, Transition
from tests.apps.accounts.desk import a_user, page, signed_in
from tests.apps.people.privacy_desk import (
    EMAIL,
    NAME,
    NOW,
    TRACES,
    device,
    email,
    files_with,
    happened,
    identify,
    jeanne,
    page_view,
    tables_with,
    user,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def history_folder(tmp_path: Path, settings: Any) -> Path:
    settings.HISTORY_URL = str(tmp_path)
    return tmp_path


def carry_out() -> None:
    for _ in range(100):
        done = (
            carry_out_erasures(LATER),
            history_forgetting.carry_out_erasures(LATER),
            scoring_forgetting.carry_out_erasures(LATER),
        )
        if not any(done):
            return


def erase(lead: Lead) -> Erasure:
    erasure = request_erasure(lead, why=WhyErased.ASKED, by=a_user(Role.MANAGER), now=NOW)
    carry_out()
    erasure.refresh_from_db()
    return erasure


@pytest.mark.usefixtures("history_folder")
def test_who_is_forgotten_stands_in_no_table() -> None:
    lead = jeanne()
    before = tables_with(*TRACES)

    erasure = erase(lead)

    assert {"people_lead", "capture_event", "people_note", "scoring_score"} <= before
    assert tables_with(*TRACES) == set()
    assert erasure.finished_at is not None


def test_who_is_forgotten_stands_in_no_file_of_the_history(history_folder: Path) -> None:
    lead = jeanne()
    happened(page_view(user("somebody-else"), "/stays"))
    history.catch_up(NOW)
    assert _rows_with(history_folder, EMAIL) > 0

    erase(lead)

    assert _rows_with(history_folder, EMAIL, "crm-4711", "Moreau") == 0
    assert _rows_with(history_folder, "/stays") == 1
    assert files_with(history_folder, *TRACES) == set()


@pytest.mark.usefixtures("history_folder")
def test_counts_of_days_and_of_moves_stay_as_they_were() -> None:
    lead = jeanne()
    events = sum(Intake.objects.values_list("events", flat=True))

    erase(lead)

    assert sum(Intake.objects.values_list("events", flat=True)) == events
    assert Transition.objects.filter(to_stage="lead", total=42, at=NOW).count() == 1
    assert not Score.objects.exists()


@pytest.mark.usefixtures("history_folder")
def test_nobody_else_loses_anything() -> None:
    happened(
        identify(user("u-2"), "device-2", email="paul@studio.example", name="Paul", company="Cine")
    )
    lead = jeanne()
    paul = Lead.objects.get(email="paul@studio.example")
    kept = Event.objects.filter(subject__value="u-2").count()

    erase(lead)

    paul.refresh_from_db()
    assert (paul.name, paul.erased_at) == ("Paul", None)
    assert Event.objects.filter(subject__value="u-2").count() == kept
    assert Company.objects.filter(leads=paul).exists()


@pytest.mark.usefixtures("history_folder")
def test_a_shared_device_keeps_what_the_other_did_on_it() -> None:
    hour = timedelta(hours=1)
    happened(
        identify(user("u-1"), "shared", NOW - 5 * hour, email="one@acme.example"),
        page_view(device("shared"), "/of-one", NOW - 4 * hour),
        identify(user("u-2"), "shared", NOW - 3 * hour, email="two@acme.example"),
        page_view(device("shared"), "/of-two", NOW - 2 * hour),
    )
    one, two = (
        Lead.objects.get(email="one@acme.example"),
        Lead.objects.get(email="two@acme.example"),
    )

    erase(one)

    paths = set(Event.objects.values_list("properties__path", flat=True)) - {None}
    assert paths == {"/of-two"}
    assert Tie.objects.filter(lead=two, subject__value="shared").exists()
    assert tables_with("one@acme.example", "u-1") == set()


@pytest.mark.usefixtures("history_folder")
def test_what_others_events_say_of_them_goes_too() -> None:
    lead = jeanne()
    happened(
        identify(user("crm-9"), at=NOW - timedelta(minutes=5), email="max@acme.example"),
        identify(user("crm-9"), at=NOW - timedelta(minutes=2), email=EMAIL),
        page_view(user("crm-9"), "/stays"),
    )

    erase(lead)

    assert tables_with(*TRACES) == set()
    assert Event.objects.filter(properties__path="/stays").exists()
    assert Lead.objects.filter(email="max@acme.example").exists()


@pytest.mark.usefixtures("history_folder")
@pytest.mark.parametrize(
    "event",
    [
        lambda: page_view(user("crm-4711"), "/again"),
        lambda: page_view(device("device-of-jeanne"), "/again"),
        lambda: identify(user("another-id"), email=EMAIL.upper(), name=NAME),
        lambda: identify(email(EMAIL), name=NAME),
    ],
)
def test_who_was_forgotten_does_not_come_back(event: Any) -> None:
    erase(jeanne())

    happened(event())

    assert not Event.objects.filter(properties__path="/again").exists()
    assert tables_with(*TRACES) == set()


@pytest.mark.usefixtures("history_folder")
def test_what_was_on_its_way_meanwhile_is_forgotten_as_well() -> None:
    lead = jeanne()
    request_erasure(lead, why=WhyErased.ASKED, by=None, now=NOW)
    while carry_out_erasures(NOW):
        pass
    _slip_through(identify(user("crm-4711"), "device-of-jeanne", email=EMAIL, name=NAME))

    carry_out()

    assert tables_with(*TRACES) == set()
    assert not Erasure.objects.filter(finished_at=None).exists()


@pytest.mark.usefixtures("history_folder")
def test_the_trail_says_that_somebody_was_forgotten_and_not_who() -> None:
    lead = jeanne()
    key = lead.key

    erasure = erase(lead)

    deeds = AuditEntry.objects.filter(subject=f"lead:{erasure.lead_key}")
    assert {"privacy.erasure_requested", "privacy.erased", "lead.noted"} <= set(
        deeds.values_list("action", flat=True)
    )
    assert tables_with(key) == set()


@pytest.mark.usefixtures("history_folder")
def test_a_merged_lead_is_forgotten_with_all_its_names() -> None:
    happened(identify(user("old-id"), email="jeanne@private.example", name="J. Moreau"))
    lead, other = jeanne(), Lead.objects.get(email="jeanne@private.example")
    merge_leads(a_user(), lead, other, now=NOW)

    erase(lead)

    assert tables_with(*TRACES, "jeanne@private.example", "old-id") == set()


@pytest.mark.usefixtures("history_folder")
def test_an_erasure_that_dies_half_way_goes_on() -> None:
    lead = jeanne()
    happened(*[page_view(user("crm-4711"), f"/p/{n}") for n in range(50)])
    request_erasure(lead, why=WhyErased.ASKED, by=None, now=NOW)
    carry_out_erasures(LATER)

    carry_out()

    erasure = Erasure.objects.get()
    assert erasure.finished_at is not None
    assert erasure.events >= 50
    assert tables_with(*TRACES) == set()


@pytest.mark.usefixtures("history_folder")
def test_who_was_not_heard_of_for_too_long_is_forgotten_and_may_come_back(settings: Any) -> None:
    settings.RETENTION_DAYS, settings.ANONYMOUS_DAYS = 365, 30
    jeanne()
    long_ago = NOW - timedelta(days=400)
    happened(
        identify(user("u-old"), at=long_ago, email="old@acme.example"),
        page_view(device("nobody"), "/old", long_ago),
        page_view(device("somebody"), "/old-too", long_ago),
        page_view(device("somebody"), "/new", NOW),
    )

    while retire(NOW):
        pass
    carry_out()

    assert tables_with("old@acme.example", "u-old", "nobody") == set()
    assert Lead.objects.filter(email=EMAIL, erased_at=None).exists()
    assert Event.objects.filter(properties__path="/old-too").exists()
    happened(identify(user("u-old"), email="old@acme.example"))
    assert Lead.objects.filter(email="old@acme.example").exists()
    assert not Drop.objects.filter(reason="blocked_identity").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("history_folder")
def test_the_file_of_the_database_holds_nothing_either() -> None:
    lead = jeanne()

    erase(lead)

    name = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite":  # PostgreSQL clears its pages when it vacuums
        beside = [name.with_name(name.name + end) for end in ("", "-wal")]
        held = b"".join(path.read_bytes() for path in beside if path.exists())
        assert [trace for trace in TRACES if trace.encode() in held] == []
    assert tables_with(*TRACES) == set()


@pytest.mark.usefixtures("history_folder")
def test_erasing_is_confirmed_by_typing_the_address() -> None:
    lead = jeanne()
    client = signed_in(a_user(Role.MANAGER, language="en"))

    slip = client.post(f"/people/{lead.key}/privacy/erase/", {"confirmation": "yes"})
    done = client.post(f"/people/{lead.key}/privacy/erase/", {"confirmation": EMAIL}, follow=True)

    assert "not what stands above" in page(slip)
    assert "Under way" in page(done)
    assert NAME not in page(done)
    assert client.get(f"/people/{lead.key}/privacy/").status_code == 404


def _slip_through(event: Any) -> None:
    """Put an event into the log past the list of the blocked, as one that was under way."""
    with transaction.atomic():
        append([event])
    while worker.work(NOW):
        pass


def _rows_with(folder: Path, *traces: str) -> int:
    files = [str(path) for path in folder.rglob("*.parquet")]
    if not files:
        return 0
    rows = duckdb.read_parquet(files, union_by_name=True).fetchall()
    return sum(any(t in str(row) for t in traces) for row in rows)
