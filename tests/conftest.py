"""What every test stands on: a known language, repeatable examples, a word on what is left out."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests import outside
from tests.browsing import a_browser


def pytest_configure() -> None:
    """Set what must not depend on the machine: the language, the patience, the examples in CI."""
    os.environ["PASSERELLE_LANGUAGE"] = "en"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    assert settings.configured or settings.SECRET_KEY  # loads them, for pytest-django to see
    in_ci = os.environ.get("CI") == "true"
    hypothesis.settings.register_profile("house", deadline=None, derandomize=in_ci)
    hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def require() -> Callable[[str], str]:
    """Ask for `postgresql`, `chromium`, `node` or `shared`; see tests/outside.py."""
    return outside.require


@pytest.fixture(scope="module")
def browser(require: Callable[[str], str]) -> Iterator[Browser]:
    """Chromium without a window, for one module at a time: Playwright's loop rules its thread."""
    with a_browser(require("chromium")) as chromium:
        yield chromium


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data; its rows are read here and never enter the repository."""
    return Path(outside.require("shared")) / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, in one line a thing, which tests could not run here and why."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, n in reasons.most_common():
        terminalreporter.write_line(f"{n} test{'s' if n > 1 else ''} {reason}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    match report.longrepr:
        case (_, _, str(reason)):
            return reason.removeprefix("Skipped: ")
        case other:
            return f"skipped: {other}"
