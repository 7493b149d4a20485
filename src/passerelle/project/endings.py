"""What is said, and with which number a run ends, when something stopped it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import traceback
from typing import Any

import typer

from passerelle.project.failures import ExitCode, Refused
from passerelle.project.setting_faults import WrongSettings
from passerelle.project.terminal import Terminal
from passerelle.words import Language, say


def ended_by(fault: BaseException, terminal: Terminal, *, debug: bool) -> ExitCode:
    """Say what stopped the run, in words for who started it; the number it ends with."""
    if debug and not isinstance(fault, (BrokenPipeError, typer.TyperException)):
        traceback.print_exception(fault)
    language = terminal.language
    match fault:
        case BrokenPipeError():
            _let_go_of_output()
            return ExitCode.BROKEN_PIPE
        case KeyboardInterrupt() | typer.Abort() | RuntimeError(args=("Query interrupted",)):
            terminal.warn(say("cli.interrupted", language))
            return ExitCode.INTERRUPTED
        case typer.TyperException():
            terminal.warn(usage_in_words(fault, language))
            return ExitCode.USAGE
        case Refused():
            terminal.warn(fault.says(language))
            return ExitCode.AT_FAULT
        case WrongSettings():
            for wrong in fault.faults:
                terminal.warn(wrong.says(language))
            return ExitCode.AT_FAULT
    return _ended_by_room(fault, terminal)


def _ended_by_room(fault: BaseException, terminal: Terminal) -> ExitCode:
    from passerelle.project.room_faults import fault_in_words  # noqa: PLC0415  # loads the rooms

    language = terminal.language
    if sentences := fault_in_words(fault, language):
        for sentence in sentences:
            terminal.warn(sentence)
        return ExitCode.AT_FAULT
    kind, at = type(fault).__name__, _where(fault)
    terminal.warn(say("cli.bug", language, kind=kind, detail=_short(fault), at=at))
    return ExitCode.BUG


def usage_in_words(fault: Any, language: Language) -> str:
    """What is wrong with the command as it was written, and where to read how it goes."""
    if type(fault).__name__ == "NoArgsIsHelpError":
        return str(fault.message)
    context = getattr(fault, "ctx", None)
    path = context.command_path if context is not None else "passerelle"
    return f"{_misuse(fault, language)}\n{say('cli.usage.help', language, command=path)}"


def _misuse(fault: Any, language: Language) -> str:
    kind, message = type(fault).__name__, fault.format_message()
    param = getattr(fault, "param", None)
    name = "" if param is None else param.metavar or ""
    if param is not None and param.param_type_name == "option":
        name = param.opts[0]
    match kind:
        case "MissingParameter":
            return say("cli.usage.missing", language, name=name)
        case "NoSuchOption":
            near = ", ".join(fault.possibilities or ())
            key = "cli.usage.misspelt_option" if near else "cli.usage.no_option"
            return say(key, language, name=fault.option_name, near=near)
        case "BadParameter":
            return _bad_value(fault, name, language)
        case "BadOptionUsage":
            return say("cli.usage.no_value", language, name=fault.option_name)
    if match := re.match(r"No such command '(.*?)'", message):
        return say("cli.usage.no_command", language, name=match[1])
    if match := re.match(r"Got unexpected extra arguments? \((.*)\)", message):
        return say("cli.usage.extra", language, found=match[1])
    return str(message)


def _bad_value(fault: Any, name: str, language: Language) -> str:
    if choice := re.search(r"'([^']*)' is not one of (.*)", fault.message):
        known = ", ".join(re.findall(r"'([^']+)'", choice[2]))
        return say("cli.usage.bad_choice", language, name=name, found=choice[1], known=known)
    if size := re.search(r"'(.*)' is not a size", fault.message):
        return say("cli.usage.bad_memory", language, name=name, found=size[1])
    low, high = (getattr(fault.param, line, None) for line in ("min", "max"))
    if low is None or high is None:
        return say("cli.usage.bad_number", language, name=name)
    return say("cli.usage.out_of_limits", language, name=name, low=low, high=high)


def _let_go_of_output() -> None:
    """Nobody reads any more: what is still to be flushed goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _where(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    if not frames:
        return "?"
    place = frames[-1]
    own = [frame for frame in frames if "passerelle" in frame.filename]
    place = own[-1] if own else place
    parts = place.filename.replace("\\", "/").rpartition("/passerelle/")
    return f"{parts[2] or parts[0]}:{place.lineno}"


def _short(fault: BaseException) -> str:
    lines = str(fault).splitlines()
    return lines[0][:200] if lines else ""
