"""A browser before the service: pages as people of each role and language see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.journeys.windows import Visit

if TYPE_CHECKING:  # no app is there yet when pytest reads this file
    from passerelle.apps.accounts.models import User

ABORTED = ("htmx:afterRequest", "htmx:sendAbort")  # a newer filter took the older one's place
PATIENCE = 20_000  # milliseconds; the machine may be busy


@pytest.fixture
def visit(
    browser: Browser, live_server: Any, transactional_db: None
) -> Iterator[Callable[..., Visit]]:
    """Open a window for somebody who is signed in; its console and its errors must stay silent."""
    visits: list[Visit] = []

    def open_window(
        user: User | None,
        *,
        language: str = "en",
        theme: str = "light",
        width: int = 1280,
        script: bool = True,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=script,
        )
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language}]
        if user is not None:
            from django.test import Client  # noqa: PLC0415  # needs the settings

            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": session})
        context.add_cookies([{**cookie, "url": live_server.url} for cookie in cookies])  # type: ignore[typeddict-item]
        context.set_default_timeout(PATIENCE)
        one = Visit(context.new_page(), live_server.url)
        one.page.on("pageerror", lambda error: one.faults.append(str(error)))
        one.page.on(
            "console",
            lambda said: (
                one.faults.append(said.text)
                if said.type == "error" and not said.text.startswith(ABORTED)
                else None
            ),
        )
        visits.append(one)
        return one

    yield open_window
    faults = [fault for one in visits for fault in one.faults]
    for one in visits:
        one.page.context.close()
    assert faults == []
