"""The command `passerelle`: chooses the language, runs a command, says what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from passerelle.project.failures import ExitCode
from passerelle.project.terminal import Terminal
from passerelle.words import LANGUAGES, Language, preferred_language

__all__ = ["main", "run"]

COMPLETING = "_PASSERELLE_COMPLETE"
"""Set by a shell that asks how to complete a line."""


def main() -> None:
    """Run the command line that the process was started with."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the number it ended with."""
    terminal = Terminal(chosen_language(arguments))
    try:
        return _run(list(arguments), terminal)
    except BaseException as fault:  # noqa: BLE001  # nobody but us is left to say what happened
        from passerelle.project.endings import ended_by  # noqa: PLC0415  # as below

        return ended_by(fault, terminal, debug="--debug" in arguments)


def _run(arguments: list[str], terminal: Terminal) -> int:
    # Loaded here, where an interruption is already answered in words.
    from passerelle.project.app import build_app  # noqa: PLC0415

    command = build_app(terminal.language)
    try:
        ended = command.main(arguments, prog_name="passerelle", standalone_mode=False, obj=terminal)
    except SystemExit as ending:
        if COMPLETING not in os.environ:  # then Typer has met a pipe that nobody reads
            raise BrokenPipeError from ending
        return ending.code if isinstance(ending.code, int) else ExitCode.FINE
    if ended == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    sys.stdout.flush()
    return ended if isinstance(ended, int) else ExitCode.FINE


def chosen_language(arguments: Sequence[str]) -> Language:
    """The language of `--language`, wherever it stands; else of the environment."""
    for argument, following in pairwise([*arguments, ""]):
        name, _, value = argument.partition("=")
        if name == "--language":
            asked = value or following
            for language in LANGUAGES:
                if asked == language:
                    return language
    return preferred_language()


if __name__ == "__main__":
    main()
