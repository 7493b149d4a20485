"""The published browser clients, unchanged, in Chromium, on a site of another origin than ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from passerelle.apps.capture.models import Event
from tests.apps.capture.listening import a_site
from tests.clients.collecting import RunningCollector, unpacked
from tests.clients.relay import Relay

SEGMENT = """<script src="/segment.js"></script><script>
window.client = AnalyticsNext.AnalyticsBrowser.load({writeKey: "KEY", cdnURL: "LINE"}, OPTIONS);
client.page("Pricing");
client.identify("u-ada", {email: "ada@firm.example"});
client.track("Demo Requested", {plan: "team"});
client.group("firm", {name: "Firm"});
</script>"""
BATCHES = """{integrations: {"Segment.io": {deliveryStrategy:
 {strategy: "batching", config: {size: 100, timeout: 60000}}}}}"""
RUDDERSTACK = """<script src="/rudderstack.js"></script><script>
window.client = new rudderanalytics.RudderAnalytics();
client.load("KEY", "LINE", {configUrl: "LINE", OPTIONS});
client.page("Pricing");
client.identify("u-ada", {email: "ada@firm.example"});
client.track("Demo Requested", {plan: "team"});
client.group("firm", {name: "Firm"});
</script>"""
JITSU = """<script>var exports = {}, module = {exports};</script><script src="/jitsu.js"></script>
<script>
window.client = module.exports.jitsuAnalytics({host: "LINE", writeKey: "KEY:any"});
(async () => {
  await client.page("Pricing");
  await client.identify("u-ada", {email: "ada@firm.example"});
  await client.track("Demo Requested", {plan: "team"});
  await client.group("firm", {name: "Firm"});
})();
</script>"""
POSTHOG = """<script src="/posthog.js"></script><script>
posthog.init("KEY", {api_host: "LINE", autocapture: false, capture_pageleave: false,
  disable_session_recording: true, OPTIONS});
window.client = posthog;
client.identify("u-ada", {email: "ada@firm.example"});
client.capture("Demo Requested", {plan: "team"});
</script>"""
OURS = """<script async src="LINE/passerelle.js" data-write-key="KEY" data-consent="none"></script>
<script>
window.passerelle = [["identify", "u-ada", {email: "ada@firm.example"}],
 ["track", "Demo Requested", {plan: "team"}], ["group", "firm", {name: "Firm"}]];
</script>"""
ALL = Counter(["page", "identified", "demo_requested", "grouped"])


@pytest.fixture
def site(
    modules: Path, line: Relay, write_key: str, browser: Browser
) -> Iterator[Callable[[str, str], Page]]:
    """Opens a page with a client's code on it, in a visitor's browser."""
    npm = {
        "segment": "@segment/analytics-next/dist/umd/index.js",
        "rudderstack": "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
        "jitsu": "@jitsu/js/dist/jitsu.cjs.js",
        "posthog": "posthog-js/dist/array.full.no-external.js",
    }
    files = {f"/{name}.js": modules / path for name, path in npm.items()}
    opened = []
    asked: list[str] = []

    def open_page(code: str, options: str) -> Page:
        for place, value in {"KEY": write_key, "LINE": line.origin, "OPTIONS": options}.items():
            code = code.replace(place, value)
        site = a_site({"/pricing": code, "/away": "Away", **files})
        opened.append(site)
        page = browser.new_page(user_agent=VISITOR)
        page.add_init_script("Object.defineProperty(navigator, 'webdriver', {value: false})")
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.__enter__()}/pricing")
        return page

    yield open_page
    for site in opened:
        site.__exit__(None, None, None)
    # no client tells its maker about people, even though nothing would have left this machine
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []


VISITOR = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)


def names(events: list[Event]) -> Counter[str]:
    return Counter(event.name for event in events)


@pytest.mark.parametrize(
    ("code", "options", "told"),
    [
        (SEGMENT, "{}", ALL),
        (RUDDERSTACK, "", ALL),
        (JITSU, "", ALL),
        (POSTHOG, "", ALL - Counter(["grouped"])),
        (OURS, "", ALL),
    ],
    ids=["segment", "rudderstack", "jitsu", "posthog", "ours"],
)
def test_all_that_a_client_says_arrives_from_another_origin(
    site: Callable[[str, str], Page], code: str, options: str, told: Counter[str]
) -> None:
    site(code, options)

    events = unpacked(lambda found: len(found) >= told.total())

    assert names(events) == told
    by_name = {event.name: event for event in events}
    assert by_name["page"].properties["path"] == "/pricing"
    assert by_name["demo_requested"].properties["plan"] == "team"
    assert by_name["identified"].properties["email"] == "ada@firm.example"
    assert by_name["demo_requested"].subject.value == "u-ada"
    assert by_name["demo_requested"].device is not None
    assert len({event.device_id or event.subject_id for event in events}) == 1


@pytest.mark.parametrize(
    ("code", "options"),
    [(SEGMENT, BATCHES), (RUDDERSTACK, "useBeacon: true"), (OURS, "")],
    ids=["segment", "rudderstack", "ours"],
)
def test_what_waits_in_a_client_arrives_when_the_page_is_left(
    site: Callable[[str, str], Page], code: str, options: str
) -> None:
    page = site(code, options)
    page.wait_for_function("!window.passerelle || !!passerelle.track")
    page.wait_for_timeout(1500)

    page.goto(page.url.replace("/pricing", "/away"))
    events = unpacked(lambda found: len(found) >= ALL.total())

    assert names(events) == ALL


@pytest.mark.parametrize(
    ("code", "options"),
    [(SEGMENT, "{}"), (RUDDERSTACK, ""), (OURS, "")],
    ids=["segment", "rudderstack", "ours"],
)
def test_nothing_is_lost_or_doubled_on_a_bad_line_and_over_a_restart(
    site: Callable[[str, str], Page],
    line: Relay,
    collector: RunningCollector,
    code: str,
    options: str,
) -> None:
    line.troubles += ["busy", "cut", "busy"]
    page = site(code, options)
    page.wait_for_timeout(300)

    collector.stop()
    page.wait_for_timeout(1000)
    collector.start()
    page.wait_for_timeout(2000)
    events = unpacked(lambda found: len(found) >= ALL.total())

    assert names(events) == ALL
