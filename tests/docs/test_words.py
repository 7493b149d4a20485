"""The glossary: each term once, in order, alike in both languages, named as the code names it."""

import re
import unicodedata

from tests.outside import CHECKOUT

IDEAS = CHECKOUT / "docs" / "ideas"
Row = tuple[str, str, str, str]


def _rows(name: str) -> list[Row]:
    """Term, its translation, its definition, its name in the code."""
    lines = (IDEAS / name).read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line]
    return [(row[0], row[1], row[2], row[3]) for row in cells[2:]]


def _in_order(term: str) -> str:
    plain = unicodedata.normalize("NFD", term.casefold())
    return re.sub(r"[^a-z ]", "", plain)


def test_each_page_has_its_terms_once_and_in_order() -> None:
    for page in ("words.md", "words.fr.md"):
        terms = [_in_order(row[0]) for row in _rows(page)]

        assert terms == sorted(set(terms)), page


def test_both_pages_have_the_same_terms_with_the_same_names_in_the_code() -> None:
    english = {(term, french, code) for term, french, _, code in _rows("words.md")}
    french = {(term, french, code) for french, term, _, code in _rows("words.fr.md")}

    assert english == french


def test_every_term_has_a_definition() -> None:
    empty = [row[0] for page in ("words.md", "words.fr.md") for row in _rows(page) if not row[2]]

    assert empty == []


def test_the_code_has_every_name_that_the_glossary_gives_it() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (CHECKOUT / "src").rglob("*.py"))

    named = {name for row in _rows("words.md") for name in re.findall(r"`(\w+)`", row[3])}

    assert {name for name in named if not re.search(rf"\b{name}\b", source)} == set()
