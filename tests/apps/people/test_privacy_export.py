"""Everything that is held of somebody, whole, and nothing of anybody else."""

import json
from datetime import timedelta

import pytest

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.people.models import LeadWord, Tie, Touched
from passerelle.apps.people.privacy_export import everything_about
from passerelle.words import LANGUAGES
from tests.apps.accounts.desk import a_user, signed_in
from tests.apps.people.privacy_desk import (
    NOW,
    TRACES,
    happened,
    identify,
    jeanne,
    models_with_leads,
    page_view,
    user,
)

pytestmark = pytest.mark.django_db


def test_an_export_holds_all_that_was_ever_said_and_done() -> None:
    lead = jeanne()

    text = json.dumps(everything_about(lead, now=NOW), ensure_ascii=False)

    assert [trace for trace in TRACES if trace not in text] == []
    for held in ("/before-she-said-who-she-is", "Send me news", "198.51.100.0", "cinema", "42.0"):
        assert held in text


def test_an_export_has_a_section_for_every_table_that_refers_to_a_lead() -> None:
    sections = everything_about(jeanne(), now=NOW)["sections"]

    tables = {model._meta.model_name for model in models_with_leads()}
    kept_elsewhere = {m._meta.model_name for m in (Tie, Touched, LeadWord)} | {"lead"}
    assert tables - kept_elsewhere - sections.keys() == set()


def test_every_name_in_an_export_is_explained_in_both_languages() -> None:
    export = everything_about(jeanne(), now=NOW)

    names = {n for rows in export["sections"].values() for row in rows for n in row}
    for language in LANGUAGES:
        labels = export["labels"][language]
        assert {n for n in names | export["sections"].keys() if labels.get(n, n) == n} == set()


def test_an_export_says_nothing_of_others() -> None:
    happened(
        identify(user("u-2"), at=NOW - timedelta(hours=1), email="paul@acme.example"),
        page_view(user("u-2"), "/of-paul"),
    )
    seller = a_user(Role.SDR, name="Marc Dupont")
    lead = jeanne()

    text = json.dumps(everything_about(lead, now=NOW))

    for other in ("paul@acme.example", "/of-paul", seller.name, seller.email):
        assert other not in text


def test_fields_stand_with_their_history() -> None:
    lead = jeanne()
    happened(identify(user("crm-4711"), at=NOW, job_title="Director"))
    happened(identify(user("crm-4711"), at=NOW + timedelta(hours=1), job_title="Actress"))
    lead.refresh_from_db()

    history = everything_about(lead, now=NOW)["sections"]["field_history"]

    titles = {row["value"] for row in history if row["field"] == "job_title"}
    assert titles == {"Director", "Actress"}


def test_an_export_is_fetched_as_a_file_and_that_stands_in_the_trail() -> None:
    lead = jeanne()
    manager = a_user(Role.MANAGER)

    response = signed_in(manager).get(f"/people/{lead.key}/privacy/export.json")

    assert response["Content-Disposition"] == f'attachment; filename="{lead.key}.json"'
    assert json.loads(response.content)["key"] == lead.key
    assert AuditEntry.objects.filter(action="privacy.exported", user=manager).exists()
