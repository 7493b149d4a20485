"""The command `passerelle`: chooses the language, runs a command, says what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from passerelle.project.app import build_app
from passerelle.project.endings import ended_by
from passerelle.project.failures import ExitCode
from passerelle.project.terminal import Terminal
from passerelle.words import LANGUAGES, Language, preferred_language

__all__ = ["main", "run"]


def main() -> None:
    """Run the command line that the process was started with."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; how it ended."""
    terminal = Terminal(chosen_language(arguments))
    try:
        command = build_app(terminal.language)
        ended = command.main(
            list(arguments), prog_name="passerelle", standalone_mode=False, obj=terminal
        )
        sys.stdout.flush()
    except SystemExit as ending:  # from shell completion
        return int(ending.code or 0)
    except BaseException as fault:  # noqa: BLE001  # nobody but us is left to say what happened
        return ended_by(fault, terminal, debug="--debug" in arguments)
    return int(ended) if isinstance(ended, int) else ExitCode.FINE


def chosen_language(arguments: Sequence[str]) -> Language:
    """The language of `--language`, wherever it stands; else of the environment."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, _, value = argument.partition("=")
        if name == "--language":
            asked = value or following
            for language in LANGUAGES:
                if asked == language:
                    return language
    return preferred_language()
