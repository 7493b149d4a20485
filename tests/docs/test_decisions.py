"""Every decision is numbered in order, says what it must, and stands in the index."""

import re

from tests.outside import CHECKOUT

FOLDER = CHECKOUT / "docs" / "decisions"
PARTS = ["Context", "Decision", "Consequences", "Rejected"]


def test_the_numbers_run_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in FOLDER.glob("[0-9]*.md"))

    assert numbers == list(range(len(numbers)))


def test_each_decision_has_its_four_parts() -> None:
    for path in FOLDER.glob("[0-9]*.md"):
        parts = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)

        assert parts == PARTS, path.name


def test_the_index_names_every_decision_as_it_names_itself() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")

    for path in sorted(FOLDER.glob("[0-9]*.md"))[1:]:
        number, title = path.read_text("utf-8").split("\n")[0].removeprefix("# ").split(": ", 1)
        assert f"| [{number}]({path.name}) | {title} |" in index
