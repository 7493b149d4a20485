"""The pages of commands and settings, written: `python -m passerelle.project.reference docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from passerelle.project.app import build_app
from passerelle.project.failures import ExitCode
from passerelle.project.rendering.help import EXIT_CODES, usage_pieces, written
from passerelle.project.settings_reference import settings_pages
from passerelle.words import LANGUAGES, Language, say

EVERYWHERE = ("language", "debug")


def pages() -> Mapping[str, str]:
    """The text of the page in each language, by its path below `docs`."""
    names: Mapping[Language, str] = {"en": "commands.md", "fr": "commands.fr.md"}
    return {f"reference/{names[language]}": _page(language) for language in LANGUAGES}


def _page(language: Language) -> str:
    return "\n".join(_lines(build_app(language), language)) + "\n"


def _lines(root: Any, language: Language) -> Iterator[str]:
    yield f"# {say('cli.page.title', language)}"
    yield ""
    twin = "commands.md" if language == "fr" else "commands.fr.md"
    yield f"[{say('cli.page.twin', language)}]({twin})"
    yield ""
    yield say("cli.page.made", language)
    yield ""
    common = [param for param in root.params if param.name in EVERYWHERE]
    yield say("cli.page.everywhere", language)
    yield ""
    yield from _params(common, language)
    for path, command in _commands(root, "passerelle"):
        yield f"## `{path}`"
        yield ""
        yield str(command.help)
        yield ""
        yield f"```text\n{path} {' '.join(usage_pieces(command))}\n```"
        yield ""
        yield from _params([p for p in command.params if p.name not in EVERYWHERE], language)
    yield f"## {say('cli.page.exit_codes', language)}"
    yield ""
    yield f"| {say('cli.page.code', language)} | {say('cli.page.meaning', language)} |"
    yield "|---|---|"
    for code in EXIT_CODES:
        yield f"| {ExitCode(int(code)).value} | {say(f'cli.exit.{code}', language)} |"


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        below = f"{path} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, below)
        elif not command.hidden:
            yield below, command


def _params(params: list[Any], language: Language) -> Iterator[str]:
    if not params:
        return
    yield f"| | {say('cli.page.meaning', language)} | {say('cli.page.default', language)} |"
    yield "|---|---|---|"
    for param in params:
        default = ""
        if param.required:
            default = say("cli.heading.required", language)
        elif isinstance(param.default, (str, int, float, Path)) and param.default is not False:
            default = f"`{param.default}`"
        name = written(param).replace("|", "\\|")
        yield f"| `{name}` | {param.help} | {default} |"
    yield ""


if __name__ == "__main__":
    for name, text in {**pages(), **settings_pages()}.items():
        path = Path(sys.argv[1]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
