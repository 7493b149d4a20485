"""Files that companies really have, read from outside the repository where they are at hand."""

from pathlib import Path

from passerelle.files import Problem
from tests.files.desk import Desk, problem_of


def test_a_wide_export_with_counters_is_read_whole(desk: Desk, shared_data: Path) -> None:
    loaded = desk.read(
        str(shared_data / "x_education" / "leads_70.csv.gz"),
        fields={"source": "text", "country": "text", "Do Not Email": "boolean"},
        mapping="missing: [Select]\ncounters: {TotalVisits: {event: page}}",
    )

    ((visits, chosen),) = desk.connection.execute(
        "SELECT sum(CAST(TotalVisits AS DOUBLE)), count(*) FILTER (Specialization = 'Select') "
        "FROM leads"
    ).fetchall()
    assert loaded.lead_count == 6365
    assert loaded.event_count == visits
    assert chosen == 0
    assert loaded.mapping["leads"].files[0].columns.columns_of("lead") == ("Prospect ID",)
    assert loaded.rejected.total == 0


def test_leads_and_their_first_contacts_are_read(desk: Desk, shared_data: Path) -> None:
    folder = shared_data / "olist_funnel"

    loaded = desk.read(
        str(folder / "olist_marketing_qualified_leads_dataset.csv.gz"),
        str(folder / "olist_closed_deals_dataset.csv.gz"),
        fields={"source": "text", "first_contact_date": "date"},
        mapping="events: {event: business_segment, occurred_at: won_date}",
    )

    assert loaded.lead_count == 8000
    assert loaded.event_count == 841
    assert loaded.mapping["leads"].absent == ()


def test_a_file_without_any_key_says_so(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "bank_marketing" / "bank-additional-full.csv.gz"

    assert problem_of(desk.read, str(path)).code == Problem.NO_LEAD_COLUMN
