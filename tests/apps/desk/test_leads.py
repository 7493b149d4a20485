"""The table of leads: what it finds, in which order, for whom, and what is done to many."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.desk.models import SavedView
from passerelle.apps.people.models import Lead, Tag
from passerelle.apps.people.searching import keep_words
from tests.apps.desk.builders import (
    a_company,
    a_lead,
    a_published_agreement,
    a_score,
    a_team,
    a_user,
)

pytestmark = pytest.mark.django_db


def signed_in(client: Client, role: str = Role.MARKETING, **fields: Any) -> Client:
    client.force_login(a_user(role, **fields))
    return client


def names(client: Client, query: str = "") -> list[str]:
    """The names in the table, in their order."""
    response = client.get(f"/leads/?{query}")
    assert response.status_code == 200
    return [lead.name for lead, _ in response.context["rows"]]


def found(*names: str, **fields: Any) -> list[Lead]:
    """Leads that can be searched for."""
    leads = [a_lead(name, **fields) for name in names]
    keep_words(leads)
    return leads


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_the_table(client: Client, role: str) -> None:
    a_score(a_lead("Camille Roux"))

    assert names(signed_in(client, role)) == ["Camille Roux"]


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/leads/")

    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


def test_the_table_speaks_the_readers_language(client: Client) -> None:
    a_score(a_lead("Camille Roux"))

    french = signed_in(client, language="fr").get("/leads/").content.decode()

    assert 'lang="fr"' in french
    assert "Vues enregistrées" in french
    assert "Saved views" not in french


def test_an_empty_table_says_what_to_do_next(client: Client) -> None:
    page = signed_in(client, Role.MANAGER).get("/leads/").content.decode()

    assert "No lead yet" in page
    assert "Connect a source" in page


def test_a_filter_that_finds_nobody_says_how_to_go_on(client: Client) -> None:
    a_score(a_lead("Camille Roux"))

    page = signed_in(client).get("/leads/?stage=sql").content.decode()

    assert "No lead matches" in page
    assert "Show all leads" in page


def test_sales_see_the_leads_of_their_team_and_of_none(client: Client) -> None:
    north, south = a_team("north", "North"), a_team("south", "South")
    for name, team in (("Ours", north), ("Theirs", south), ("Nobody’s", None)):
        a_score(a_lead(name, team=team))

    seen = names(signed_in(client, Role.SDR, team=north), "sort=name")

    assert seen == ["Nobody’s", "Ours"]


def test_merged_and_erased_leads_are_not_shown(client: Client) -> None:
    kept = a_lead("Kept")
    a_lead("Merged", merged_into=kept)
    a_lead("Erased", erased_at=datetime.now(UTC))

    assert names(signed_in(client), "sort=name") == ["Kept"]


def _two_unlike_leads() -> None:
    now = datetime.now(UTC)
    near, far = found("Near", "Far")
    Lead.objects.filter(pk=near.pk).update(
        company=a_company("Dufour"),
        source="ads",
        team=a_team("north"),
        last_seen_at=now - timedelta(days=2),
        fields={"industry": "health", "employees": 60},
    )
    Lead.objects.filter(pk=far.pk).update(
        company=a_company("Garnier"), source="email", last_seen_at=now - timedelta(days=50)
    )
    Tag.objects.create(name="fair").leads.add(near)
    a_score(near, 72.5, stage="hot", grade="A1")
    a_score(far, 12, stage="lead", grade="C4")


@pytest.mark.parametrize(
    "query",
    [
        "q=near",
        "stage=hot",
        "low=50",
        "low=72.5&high=72.5",
        "grade=a",
        "source=ads",
        "company=duf",
        "tag=fair",
        "team=north",
        "seen=7",
        "field=industry&value=HEALTH",
        "field=employees&value=60",
        "field=industry",
    ],
)
def test_each_filter_finds_the_lead_it_is_for(client: Client, query: str) -> None:
    a_published_agreement()
    _two_unlike_leads()

    assert names(signed_in(client), query) == ["Near"]


def test_leads_without_a_team_can_be_asked_for(client: Client) -> None:
    a_published_agreement()
    _two_unlike_leads()

    assert names(signed_in(client), "team=none") == ["Far"]


@pytest.mark.parametrize(
    "query",
    [
        "low=abc",
        "stage=nowhere",
        "seen=soon",
        "sort=password",
        "after=junk",
        "after=~99999999999999999999999",
        "before=1~x",
        "field=__class__&value=1",
        "q=%00",
        "columns=nothing",
        "low=1e999",
    ],
)
def test_a_filter_that_makes_no_sense_is_left_out_and_told(client: Client, query: str) -> None:
    a_score(a_lead("Camille Roux"))

    response = signed_in(client).get(f"/leads/?{query}")

    assert response.status_code == 200
    assert "Camille Roux" in response.content.decode() or "No lead matches" in (
        response.content.decode()
    )


@pytest.mark.parametrize("sort", ["score", "-score", "seen", "-seen", "name", "-name", "-created"])
def test_page_after_page_shows_every_lead_once_and_back_again(
    client: Client, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passerelle.apps.desk.views.leads.PAGE", 4)
    a_published_agreement()
    now = datetime.now(UTC)
    for n in range(15):
        seen = None if n % 5 == 0 else now - timedelta(hours=n % 3)
        lead = a_lead(f"Lead {n % 4}", last_seen_at=seen)
        if n % 6:
            a_score(lead, 10 + n % 3)
    signed_in(client)

    forward, query, places = [], f"sort={sort}", []
    while query:
        context = client.get(f"/leads/?{query}").context
        page = [lead.pk for lead, _ in context["rows"]]
        forward.append(page)
        places.append(context["newer"])
        query = context["older"]
    back, query = [], places[-1]
    while query:
        context = client.get(f"/leads/?{query}").context
        back.append([lead.pk for lead, _ in context["rows"]])
        query = context["newer"]

    assert sorted(pk for page in forward for pk in page) == sorted(
        Lead.objects.values_list("pk", flat=True)
    )
    assert [pk for page in back[::-1] for pk in page] == [
        pk for page in forward[:-1] for pk in page
    ]


def test_highest_scores_stand_first_and_the_unscored_last(client: Client) -> None:
    a_published_agreement()
    a_score(a_lead("Low"), 5)
    a_lead("None")
    a_score(a_lead("High"), 80)

    assert names(signed_in(client)) == ["High", "Low", "None"]


def test_the_table_asks_as_often_for_many_leads_as_for_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    a_published_agreement()
    company = a_company()
    for n in range(30):
        a_score(a_lead(f"Lead {n}", company=company, team=a_team()), n)
    signed_in(client)
    client.get("/leads/")

    with django_assert_max_num_queries(16):
        client.get("/leads/?columns=tags&columns=company&columns=team&columns=stage")


def test_columns_can_be_chosen(client: Client) -> None:
    a_published_agreement()
    a_score(a_lead("Camille Roux", phone="+33 1 02 03", fields={"industry": "health"}))

    page = signed_in(client).get("/leads/?columns=phone&columns=field.industry").content.decode()

    assert "+33 1 02 03" in page
    assert "health" in page


def test_a_view_is_kept_shared_and_dropped(client: Client) -> None:
    owner = a_user(name="Nora")
    client.force_login(owner)
    client.post(
        "/leads/views/", {"name": "Hot ones", "query": "stage=hot&after=1~2&q=", "shared": "on"}
    )
    view = SavedView.objects.get()
    colleague = Client()
    colleague.force_login(a_user(Role.SDR))

    seen = colleague.get("/leads/").content.decode()
    refused = colleague.post(f"/leads/views/{view.pk}/drop/")
    client.post(f"/leads/views/{view.pk}/drop/")

    assert view.query == "stage=hot"
    assert "Hot ones" in seen
    assert refused.status_code == 404
    assert not SavedView.objects.exists()


def test_a_view_of_ones_own_is_nobody_elses(client: Client) -> None:
    client.force_login(a_user())
    client.post("/leads/views/", {"name": "Mine", "query": "stage=hot"})

    assert "Mine" not in signed_in(Client()).get("/leads/").content.decode()


def test_ticked_leads_are_tagged_and_untagged_and_it_is_written_down(client: Client) -> None:
    first, second, third = (a_lead(name) for name in ("A", "B", "C"))
    signed_in(client)

    client.post("/leads/bulk/", {"lead": [first.key, second.key], "do": "tag", "tag": " fair "})
    client.post("/leads/bulk/", {"lead": [first.key, third.key], "do": "untag", "tag": "Fair"})

    assert [lead.name for lead in Tag.objects.get(name="fair").leads.all()] == ["B"]
    deeds = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert deeds[-2:] == ["leads.tagged", "leads.untagged"]


def test_all_that_match_can_be_given_to_a_team(client: Client) -> None:
    a_published_agreement()
    north = a_team("north")
    for name, stage in (("Hot", "hot"), ("Warm", "mql")):
        a_score(a_lead(name), stage=stage)

    signed_in(client, Role.MANAGER).post(
        "/leads/bulk/", {"everything": "1", "query": "stage=hot", "do": "assign", "team": "north"}
    )

    assert [lead.name for lead in Lead.objects.filter(team=north)] == ["Hot"]


def test_sales_can_give_leads_to_their_own_team_alone(client: Client) -> None:
    ours, lead = a_team("north"), a_lead("Camille")
    a_team("south")
    signed_in(client, Role.SDR, team=ours)

    client.post("/leads/bulk/", {"lead": [lead.key], "do": "assign", "team": "south"})
    lead.refresh_from_db()

    assert lead.team is None


def test_leads_one_may_not_see_are_not_touched(client: Client) -> None:
    theirs = a_lead("Theirs", team=a_team("south"))
    signed_in(client, Role.SDR, team=a_team("north"))

    client.post("/leads/bulk/", {"lead": [theirs.key], "do": "tag", "tag": "mine"})

    assert not theirs.tags.exists()


def _exported(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_an_export_holds_what_the_filters_let_through_and_no_formula(client: Client) -> None:
    a_published_agreement()
    a_score(a_lead('=HYPERLINK("http://bad")', phone="+33 1"), 60, stage="hot")
    a_score(a_lead("Other"), 10, stage="lead")
    signed_in(client)

    text = _exported(client, "/leads/export.csv?stage=hot&columns=score&columns=phone")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["name"], row["score"], row["phone"]) for row in rows] == [
        ('\'=HYPERLINK("http://bad")', "60", "'+33 1")
    ]
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.details["filters"]) == ("leads.exported", "columns,stage")


def test_json_holds_the_same_and_nothing_is_an_empty_list(client: Client) -> None:
    a_score(a_lead("Camille Roux"), 60)
    signed_in(client)

    some = json.loads(_exported(client, "/leads/export.json?columns=score"))
    none = json.loads(_exported(client, "/leads/export.json?q=nobody"))

    assert [(row["name"], row["score"]) for row in some] == [("Camille Roux", "60")]
    assert none == []


def test_ticked_leads_can_be_exported(client: Client) -> None:
    first, _ = a_lead("Ticked"), a_lead("Not ticked")

    response = signed_in(client).post("/leads/bulk/", {"lead": [first.key], "do": "export"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == ["Ticked"]


@pytest.mark.parametrize("role", [Role.SDR, Role.EXECUTIVE])
def test_who_may_not_export_gets_no_file(client: Client, role: str) -> None:
    lead = a_lead("Camille")
    signed_in(client, role)

    assert client.get("/leads/export.csv").status_code == 403
    assert client.post("/leads/bulk/", {"lead": [lead.key], "do": "export"}).status_code == 403
    assert client.get("/leads/export.exe").status_code in {403, 404}
