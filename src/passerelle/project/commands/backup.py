"""`passerelle backup` and `passerelle restore`: the whole installation in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from passerelle.project.commands.options import QuietOption
from passerelle.project.terminal import Terminal

BackupArgument = Annotated[Path, typer.Argument(metavar="FILE", help="history.option.backup")]


def backup(context: typer.Context, file: BackupArgument, *, quiet: QuietOption = False) -> None:
    from passerelle.project.clock import now
    from passerelle.project.service.starting import set_up

    terminal: Terminal = context.obj.hushed(quiet)
    set_up(quiet=True)
    from passerelle.project.backing_up import make_backup  # it needs Django to be set up

    make_backup(terminal, file, now=now())


def restore(
    context: typer.Context,
    file: BackupArgument,
    *,
    force: Annotated[bool, typer.Option("--force", help="history.option.force")] = False,
    quiet: QuietOption = False,
) -> None:
    from passerelle.project.service.starting import set_up

    terminal: Terminal = context.obj.hushed(quiet)
    set_up(quiet=True)
    from passerelle.project.backing_up import put_backup_back  # it needs Django to be set up

    put_backup_back(terminal, file, force=force)
