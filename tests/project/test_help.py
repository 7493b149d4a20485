"""Help: there at once, in both languages, for every command and option."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from passerelle.project.app import build_app
from passerelle.project.commands import options
from passerelle.project.failures import ExitCode
from passerelle.project.reference import pages
from passerelle.project.rendering.help import EXIT_CODES
from passerelle.relations.engines import DIALECTS
from passerelle.words import LANGUAGES, Language
from tests.outside import CHECKOUT
from tests.project.desk import environment, passerelle

HEAVY = ("ibis", "duckdb", "pydantic", "numpy", "pyarrow", "altair", "babel", "rich", "yaml")


def _commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, *path, name)


COMMANDS = list(_commands(build_app("en")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [path for path, _ in COMMANDS], ids=" ".join)
def test_help_tells_every_argument_and_option_in_words(
    path: tuple[str, ...], language: Language
) -> None:
    command = dict(_commands(build_app(language)))[path]

    ended = passerelle(*path, "--help", "--language", language)

    assert ended.code == 0
    assert ended.err == ""
    assert "cli." not in ended.out
    for param in command.params:
        assert (param.opts[0] if param.param_type_name == "option" else param.metavar) in ended.out
        assert param.help.split()[0] in ended.said


def test_both_languages_have_help_of_their_own() -> None:
    english, french = passerelle("--help"), passerelle("--help", "--language", "fr")

    assert "Commands:" in english.out
    assert "Commandes\u00a0:" in french.out
    assert "Show this message" not in english.out + french.out


def test_help_loads_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys; from passerelle.project.main import run; run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )

    assert ended.stderr.strip() == "[]"


def test_the_dialects_offered_are_those_there_are() -> None:
    assert get_args(options.Dialect) == DIALECTS


def test_every_exit_code_is_told() -> None:
    assert [int(code) for code in EXIT_CODES] == [code.value for code in ExitCode]


def test_the_version_is_told() -> None:
    ended = passerelle("--version")

    assert (ended.code, ended.out) == (0, "passerelle 0.1.0\n")


def test_a_shell_completes_commands_and_options() -> None:
    asked = {"passerelle ag": "agreement", "passerelle score --led": "--ledger"}
    code = "from passerelle.project.main import main; main()"
    for line, answer in asked.items():
        words = line.split()
        more = {
            "_PASSERELLE_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        }

        ended = subprocess.run(
            [sys.executable, "-c", code],
            env=environment(**more), capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert ended.stdout.split() == [answer]


@pytest.mark.parametrize("name", pages())
def test_the_page_of_commands_is_the_one_that_is_made(name: str) -> None:
    written = (CHECKOUT / "docs" / name).read_text("utf-8")

    assert written == pages()[name], (
        "run: PYTHONPATH=src python -m passerelle.project.reference docs"
    )
