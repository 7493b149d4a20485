"""Somebody's browser window."""

from __future__ import annotations

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


@dataclass
class Visit:
    """Somebody's browser window, and what went wrong in it."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> Page:
        """Open an address of the service."""
        self.page.goto(f"{self.base}{path}")
        return self.page

    def barriers(self) -> list[str]:
        """What axe-core finds on the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
            for one in found
            for node in one["nodes"]
        ]
