"""What a user reads stands in French and in English, page by page and heading by heading."""

from tests.docs.pages import Page, pages
from tests.typography import french_faults

TRANSLATED = ("docs/start", "docs/how-to")


def test_every_page_for_users_has_its_twin() -> None:
    alone = [page.name for page in pages() if _is_for_users(page) and not page.twin.is_file()]

    assert alone == []


def test_twins_have_the_same_headings() -> None:
    levels = {page.path: page.heading_levels() for page in pages()}

    differing = [
        page.name
        for page in pages()
        if page.is_french and levels[page.path] != levels.get(page.twin)
    ]

    assert differing == []


def test_french_pages_are_set_as_a_french_printer_would() -> None:
    faults = {
        page.name: found
        for page in pages()
        if page.is_french and (found := french_faults(page.text))
    }

    assert faults == {}


def _is_for_users(page: Page) -> bool:
    return page.is_french or page.name.startswith(TRANSLATED)
