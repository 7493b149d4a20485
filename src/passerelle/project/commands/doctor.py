"""`passerelle doctor`: what is wrong with an installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from passerelle.project.commands.options import JsonOption
from passerelle.project.terminal import Terminal


def doctor(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="cli.option.home")] = None,
    *,
    as_json: JsonOption = False,
) -> int:
    from passerelle.project.clock import now
    from passerelle.project.failures import ExitCode
    from passerelle.project.service.starting import live_in, set_up

    if folder is not None:
        live_in(folder)
    how = set_up(quiet=True)
    from passerelle.project.service.examining import examine  # it needs Django to be set up
    from passerelle.words import say

    terminal: Terminal = context.obj
    language = terminal.language
    found = list(examine(how, now=now()))
    if as_json:
        told = [{"code": f.code, "grade": f.grade, "says": f.says(language)} for f in found]
        terminal.show(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for one in found:
            grade = say(f"doctor.grade.{one.grade}", language)
            terminal.show(f"{grade:<7}  {one.says(language)}")
    return ExitCode.AT_FAULT if any(f.grade == "error" for f in found) else ExitCode.FINE
