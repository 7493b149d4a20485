"""The main ways of a marketer, a salesperson and a manager through the service, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from passerelle.apps.accounts.models import User
from passerelle.apps.people.models import Lead, Tag
from passerelle.apps.scoring.models import Score, StageDecision
from tests.apps.desk import builders, world
from tests.journeys.windows import Visit


@pytest.fixture
def manager(transactional_db: None) -> User:
    """Whoever published the agreement of a small company that has leads."""
    now = datetime.now(UTC)
    somebody = builders.a_user("manager", name="Paul Girard")
    world.publish_demo(somebody, now=now - timedelta(days=50))
    world.a_small_company(now=now, leads=12)
    return somebody


def test_a_marketer_filters_keeps_the_view_and_tags_what_it_shows(
    visit: Callable[..., Visit], manager: User
) -> None:
    del manager
    window = visit(builders.a_user("marketing", name="Nora Lemaire"))
    page = window.goes_to("/leads/")

    page.get_by_label("Score from").fill("20")
    page.get_by_label("Score from").press("Enter")
    expect(page).to_have_url(re.compile("low=20"))
    page.get_by_role("checkbox", name="Tick all rows").check()
    page.get_by_label("Tag", exact=True).last.fill("worth a call")
    page.get_by_role("button", name="Add tag").click()
    expect(page.get_by_role("status").first).to_contain_text("worth a call")
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Above twenty")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Above twenty")).to_have_attribute("aria-current", "page")

    tagged = set(Tag.objects.get(name="worth a call").leads.values_list("pk", flat=True))
    assert tagged == set(Score.objects.filter(total__gte=20).values_list("pk", flat=True))


def test_a_salesperson_finds_a_lead_by_keys_alone_and_writes_a_note_in_french(
    visit: Callable[..., Visit], manager: User
) -> None:
    del manager
    lead = Lead.objects.order_by("-score__total")[0]
    window = visit(builders.a_user("sdr", name="Samir Diallo", language="fr"), language="fr")
    page = window.goes_to("/")

    page.keyboard.press("/")
    page.keyboard.type(lead.email)
    expect(page.locator(".found").get_by_role("link", name=lead.name)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(lead.name)
    expect(page.get_by_role("heading", name="Jusqu’à quand")).to_be_visible()
    page.get_by_label("Écrire un commentaire").fill("Rappeler mardi")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("Rappeler mardi").first).to_be_visible()

    assert lead.notes.get().author is not None


def test_a_manager_sets_a_stage_by_hand_and_lifts_it(
    visit: Callable[..., Visit], manager: User
) -> None:
    lead = Lead.objects.order_by("pk")[0]
    window = visit(manager)
    page = window.goes_to(f"/leads/{lead.key}/")

    page.get_by_text("Set the stage").click()
    page.get_by_label("Stage", exact=True).select_option("nurturing")
    page.get_by_label("Reason").fill("Budget next year")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_text("Budget next year")).to_be_visible()
    page.get_by_role("button", name="Lift").click()
    expect(page.get_by_text("The score decides again")).to_be_visible()

    assert StageDecision.objects.get().ended_at is not None


def test_somebody_switches_language_and_theme_and_both_stay(
    visit: Callable[..., Visit], manager: User
) -> None:
    window = visit(manager)
    page = window.goes_to("/leads/")

    page.locator(".bar details.menu summary").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.locator(".bar details.menu summary").click()
    page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    window.goes_to("/")

    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_table_filters_and_turns_pages_without_script(
    visit: Callable[..., Visit], manager: User
) -> None:
    window = visit(manager, script=False)
    page = window.goes_to("/leads/")

    page.get_by_role("combobox", name="Stage").select_option(label="MQL")
    page.get_by_role("button", name="Filter", exact=True).click()

    expect(page).to_have_url(re.compile("stage=mql"))
