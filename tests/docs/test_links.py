"""Every link between pages leads somewhere."""

from pathlib import Path

from tests.docs.pages import Page, pages
from tests.outside import CHECKOUT


def test_every_relative_link_leads_to_a_file_and_a_heading() -> None:
    broken = [
        (page.name, link)
        for page in pages()
        for link in page.links()
        if "://" not in link and not link.startswith("mailto:")
        if not _leads_somewhere(page, link)
    ]

    assert broken == []


def test_links_and_anchors_are_read_as_a_reader_would_follow_them() -> None:
    page = Page(
        CHECKOUT / "trial.md",
        "# A title, with `code`\n\n[one](a.md#b) ![two](c.png 'Two')\n[three]: d.md\n"
        '<img src="e.svg"> `[no](f.md)`\n\n```\n[no](g.md)\n## No\n```\n',
    )

    assert list(page.links()) == ["a.md#b", "c.png", "d.md", "e.svg"]
    assert page.anchors() == {"a-title-with-code"}
    assert page.heading_levels() == [1]


def _leads_somewhere(page: Page, link: str) -> bool:
    place, _, anchor = link.partition("#")
    target: Path = (page.path.parent / place) if place else page.path
    if not target.exists() or CHECKOUT not in target.resolve().parents:
        return False
    if not anchor or target.suffix != ".md":
        return True
    return anchor in Page(target, target.read_text("utf-8")).anchors()
