"""Every page of the desk stands for everybody: by any eye, at any width, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.apps.desk import builders, world
from tests.journeys.windows import Visit

NOW = datetime.now(UTC)
PAGES = (
    "/",
    "/leads/",
    "/leads/?q=nobody+at+all",
    "/leads/?low=abc",
    "/leads/{key}/",
    "/leads/{key}/?tab=timeline",
    "/leads/{key}/?tab=score",
    "/leads/{key}/?tab=profile",
    "/companies/",
    "/companies/{company}/",
    "/search/?q=ca",
    "/search/",
)


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 1280), ("fr", "dark", 390)]
)
def test_axe_finds_nothing_on_any_page_and_nothing_overflows(
    visit: Callable[..., Visit], language: str, theme: str, width: int
) -> None:
    manager = builders.a_user("manager")
    world.publish_demo(manager, now=NOW - timedelta(days=50))
    leads = world.a_small_company(now=NOW, leads=12)
    window = visit(manager, language=language, theme=theme, width=width)

    found = []
    for path in PAGES:
        lead = leads[0]
        page = window.goes_to(path.format(key=lead.key, company=lead.company and lead.company.key))
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == language
        wide = page.evaluate("document.documentElement.scrollWidth")
        barriers = window.barriers() + ([f"{wide} wide"] if wide > width else [])
        found += [f"{path}: {barrier}" for barrier in barriers]

    assert found == []
