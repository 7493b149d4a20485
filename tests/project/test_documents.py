"""The commands written in the README and in docs/start do what they say, in both languages."""

import re
import shlex
from pathlib import Path

import pytest

from tests.outside import CHECKOUT
from tests.project.desk import passerelle

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs" / "start").glob("*[!r].md"))]


def _commands(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = "".join(blocks).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("passerelle ")]


def _twin(page: Path) -> Path:
    return page.with_name(f"{page.stem}.fr.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_page_works_in_the_order_it_is_written(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = _commands(page)
    monkeypatch.chdir(tmp_path)

    ended = {command: passerelle(*shlex.split(command)[1:]).code for command in commands}

    assert len(commands) > 4
    assert {command for command, code in ended.items() if code != 0} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_french_twin_has_the_same_commands(page: Path) -> None:
    assert _commands(_twin(page)) == _commands(page)


def test_the_tutorial_says_of_its_lead_what_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = _commands(CHECKOUT / "docs" / "start" / "first-score.md")
    made, explained = (
        next(shlex.split(c)[1:] for c in commands if f"passerelle {name}" in c)
        for name in ("demo-data", "explain")
    )

    passerelle(*made)
    ended = passerelle(*explained)

    assert "Stage: MQL." in ended.out
    assert "Next stage: Hot MQL." in ended.out
