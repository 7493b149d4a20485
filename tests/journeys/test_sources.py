"""A marketer puts a source up, pastes its code into a site, and sees the first visit come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from passerelle.apps.capture.actions import Name
from passerelle.apps.capture.models import Source
from tests.apps.capture.sources_desk import a_source, an_event, happened, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A page of a browser in which a marketer is signed in."""
    contexts = []

    def sit_down(language: str = "en", **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, locale=language, **options)
        context.set_default_timeout(90_000)  # the first page imports all that pages need
        contexts.append(context)
        session = signed_in(language=language).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict of Playwright's
        return context.new_page()

    yield sit_down
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("language", "new", "name", "waiting", "seen"),
    [
        ("en", "New source", "Name", "Nothing has come in yet.", "Last event seen"),
        ("fr", "Nouvelle source", "Nom", "Rien n’est encore arrivé.", "Dernier événement vu"),
    ],
)
def test_from_a_new_source_to_its_first_event_without_reloading(
    desk: Callable[..., Page], language: str, new: str, name: str, waiting: str, seen: str
) -> None:
    page = desk(language)
    page.goto("/sources/")

    page.get_by_role("link", name=new).first.click()
    page.get_by_label(name, exact=True).fill("Web site")
    page.get_by_role("button", name=new).click()
    expect(page.get_by_text(waiting)).to_be_visible()
    happened(an_event(Source.objects.get(), "demo_requested"))

    expect(page.get_by_text(seen)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("demo_requested")).to_be_visible()


def test_the_code_is_copied_at_one_click(desk: Callable[..., Page]) -> None:
    source = a_source()
    page = desk(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/sources/{source.key}/?client=python")

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import segment.analytics as analytics\n")
    assert source.keys.get().key in copied


def test_live_events_come_in_while_one_looks_and_stop_when_paused(
    desk: Callable[..., Page],
) -> None:
    source = a_source()
    happened(an_event(source, "first_thing"))
    page = desk()
    page.goto(f"/sources/{source.key}/events/")

    happened(an_event(source, "second_thing", subject=Name("email", "ada@firm.example")))
    expect(page.get_by_text("second_thing")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Pause").click()
    happened(an_event(source, "third_thing"))
    page.wait_for_timeout(2500)

    expect(page.get_by_text("third_thing")).to_have_count(0)
    page.get_by_text("Go on").click()
    expect(page.get_by_text("third_thing")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sources_pages_are_open_to_everybody_and_fit_a_telephone(
    desk: Callable[..., Page], scheme: str
) -> None:
    source = a_source()
    happened(an_event(source), an_event(source, robot="bot"))
    page = desk(color_scheme=scheme, viewport={"width": 390, "height": 800})

    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    found = {}
    for part in (
        "",
        f"{source.key}/",
        f"{source.key}/events/?paused=1",
        f"{source.key}/settings/",
        "-/new/",
    ):
        page.goto(f"/sources/{part}")
        violations = Axe().run(page, context="#main").response["violations"]
        width = page.evaluate("document.documentElement.scrollWidth")
        found[part] = ([(v["id"], v["nodes"][0]["html"]) for v in violations], width)

    assert found == dict.fromkeys(found, ([], 390))
    assert [text for text in complaints if "Security Policy" in text] == []
