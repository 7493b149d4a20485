"""The home page, companies, search, and what every page has: navigation, choices, errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.capture.actions import record_events
from passerelle.apps.people.models import Company, Lead
from passerelle.apps.people.searching import keep_words
from tests.apps.desk.builders import a_company, a_lead, a_score, a_team, a_user
from tests.apps.desk.world import a_small_company, publish_demo, seen, take_in

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


def signed_in(client: Client, role: str = Role.MARKETING, **fields: Any) -> Client:
    client.force_login(a_user(role, **fields))
    return client


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_house_tells_each_role_what_it_may_do_first(client: Client, role: str) -> None:
    told = text(signed_in(client, role), "/")

    may_publish = role in {Role.MANAGER, Role.ADMINISTRATOR}
    assert ("Publish your agreement" in told) == may_publish
    assert ("Create a source" in told) == (role not in {Role.SDR, Role.EXECUTIVE})
    assert ("Invite your team" in told) == (role == Role.ADMINISTRATOR)


def test_the_morning_shows_who_rose_and_who_is_hot(client: Client) -> None:
    publish_demo(None, now=NOW - timedelta(days=60))
    a_small_company(now=NOW, leads=20)

    marketing = text(signed_in(client), "/")
    sales = text(signed_in(Client(), Role.SDR, language="fr"), "/")

    assert marketing.index("Risen this week") < marketing.index("Hottest")
    assert sales.index("Mûrs et actifs") < sales.index("En hausse")
    assert "/leads/?stage=mql" in marketing


def test_visitors_are_shown_as_they_come(client: Client) -> None:
    publish_demo(None, now=NOW - timedelta(days=60))
    leads = a_small_company(now=NOW, leads=2)
    record_events([seen(leads[0].email, "/pricing", at=datetime.now(UTC))])
    take_in(now=datetime.now(UTC))

    told = text(signed_in(client), "/live/")

    assert leads[0].name in told
    assert "/pricing" in told


def test_the_home_page_shows_no_lead_of_another_team(client: Client) -> None:
    publish_demo(None, now=NOW - timedelta(days=60))
    a_small_company(now=NOW, leads=10)
    Lead.objects.update(team=a_team("south"), name="Secret Person")

    told = text(signed_in(client, Role.SDR, team=a_team("north")), "/")

    assert "Secret Person" not in told


def test_a_company_shows_its_people_their_best_score_and_what_they_did(client: Client) -> None:
    publish_demo(None, now=NOW - timedelta(days=60))
    a_small_company(now=NOW, leads=12)
    company = Company.objects.filter(leads__isnull=False).distinct()[0]
    best = max(lead.score.total for lead in company.leads.select_related("score"))

    response = signed_in(client).get(f"/companies/{company.key}/")
    told = response.content.decode()

    assert response.context["rolled"]["best"] == best
    assert all(lead.name in told for lead in company.leads.all())
    assert "Page seen" in told


def test_companies_are_listed_page_by_page_and_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passerelle.apps.desk.views.company.PAGE", 2)
    for name in ("Alpha", "Beta", "Beta", "Gamma"):
        a_company(name)
    signed_in(client)

    first = client.get("/companies/")
    second = client.get("/companies/", {"after": first.context["after"]})
    found = client.get("/companies/?q=gam")

    shown = [c.name for page in (first, second) for c, _ in page.context["rows"]]
    assert shown == ["Alpha", "Beta", "Beta", "Gamma"]
    assert [c.name for c, _ in found.context["rows"]] == ["Gamma"]


@pytest.mark.parametrize("asked", ["zoe", "BONNET", "bonnet zo", "zoe@dufour", "duf"])
def test_search_finds_by_name_address_and_company_whatever_the_accents(
    client: Client, asked: str
) -> None:
    lead = a_lead("Zoé Bonnet", email="zoe@dufour.example", company=a_company("Dufour"))
    keep_words([lead, a_lead("Hugo Roux", email="h@roux.example")])
    signed_in(client)

    full = text(client, f"/search/?q={asked}")
    quick = text(client, f"/search/quick/?q={asked}")

    assert "Zoé Bonnet" in full
    assert "Zoé Bonnet" in quick
    assert "Hugo" not in full


def test_search_escapes_what_was_asked_and_finds_nothing_kindly(client: Client) -> None:
    told = text(signed_in(client), "/search/?q=<script>alert(1)</script>%00")

    assert "<script>alert" not in told
    assert "Nothing found for" in told


def test_search_shows_no_lead_of_another_team(client: Client) -> None:
    lead = a_lead("Zoé Bonnet", team=a_team("south"))
    keep_words([lead])
    a_score(lead)

    told = text(signed_in(client, Role.SDR, team=a_team("north")), "/search/quick/?q=zoe")

    assert "Zoé" not in told


def test_navigation_shows_what_each_role_may_open(client: Client) -> None:
    administrator = text(signed_in(client, Role.ADMINISTRATOR), "/leads/")
    sales = text(signed_in(Client(), Role.SDR), "/leads/")

    assert "Users and teams" in administrator
    assert "Users and teams" not in sales
    assert "Sources" not in sales


def test_the_language_is_switched_and_kept_with_the_person(client: Client) -> None:
    signed_in(client, language="en")

    response = client.post("/shell/language/", {"language": "fr", "next": "/leads/?stage=hot"})

    assert response["Location"] == "/leads/?stage=hot"
    assert User.objects.get().language == "fr"
    assert "Vues enregistrées" in text(client, "/leads/")


def test_a_stranger_switches_the_language_by_a_cookie(client: Client) -> None:
    client.post("/shell/language/", {"language": "fr", "next": "/accounts/login/"})

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    assert 'lang="fr"' in text(client, "/accounts/login/")


def test_the_theme_is_switched_and_left_to_the_system_again(client: Client) -> None:
    signed_in(client)

    client.post("/shell/theme/", {"theme": "dark"})
    dark = text(client, "/leads/")
    client.post("/shell/theme/", {"theme": ""})

    assert 'data-theme="dark"' in dark
    assert "data-theme" not in text(client, "/leads/")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_a_switch_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    response = client.post("/shell/language/", {"language": "fr", "next": elsewhere})

    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("path", "data"), [("language", {"language": "xx"}), ("theme", {"theme": "pink"})]
)
def test_a_choice_that_is_not_offered_is_refused(
    client: Client, path: str, data: dict[str, str]
) -> None:
    assert client.post(f"/shell/{path}/", data).status_code == 400
    assert client.get(f"/shell/{path}/").status_code == 405


def test_a_page_that_is_not_there_says_so_in_the_readers_language(client: Client) -> None:
    response = client.get("/nowhere/", headers={"accept-language": "fr"})

    assert response.status_code == 404
    assert "Il n’y a rien ici" in response.content.decode()


def test_a_page_one_may_not_open_says_whom_to_ask(client: Client) -> None:
    response = signed_in(client, Role.SDR).get("/leads/export.csv")

    assert response.status_code == 403
    assert "Ask an administrator" in response.content.decode()


def test_a_form_without_its_token_says_what_to_do() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(a_user())

    response = strict.post("/shell/theme/", {"theme": "dark"})

    assert response.status_code == 403
    assert "gone stale" in response.content.decode()


def test_a_form_too_large_is_answered_with_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    signed_in(client)

    response = client.post("/leads/bulk/", {"query": "x" * 5000})

    assert response.status_code == 413
    assert "Too much at once" in response.content.decode()


def test_a_fault_of_ours_shows_a_page_and_no_trace(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("passerelle.apps.desk.views.home.tasks", fails)
    client.raise_request_exception = False

    response = signed_in(client).get("/")

    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "secret detail" not in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/leads/", "/companies/", "/search/?q=a"])
def test_pages_hold_no_script_or_style_that_the_policy_would_block(
    client: Client, path: str
) -> None:
    a_score(a_lead("Camille Roux"))

    told = text(signed_in(client), path)

    assert " style=" not in told
    assert " onclick=" not in told
    assert "hx-on" not in told
    assert "<script>" not in told
