"""`passerelle history`: the log's columnar copy, looked at, checked and made anew."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from passerelle.project.commands.options import JsonOption, QuietOption
from passerelle.project.rendering.help import Command, Group
from passerelle.project.terminal import Terminal


def history_app() -> Any:
    """The group of commands."""
    app = typer.Typer(
        cls=Group, no_args_is_help=True, rich_markup_mode=None, help="history.help.history"
    )
    app.command("status", cls=Command, help="history.help.status")(status)
    app.command("verify", cls=Command, help="history.help.verify")(verify)
    app.command("rebuild", cls=Command, help="history.help.rebuild")(rebuild)
    app.command("prune", cls=Command, help="history.help.prune")(prune)
    return app


def status(context: typer.Context, *, as_json: JsonOption = False) -> None:
    from passerelle.project.clock import now
    from passerelle.project.service.starting import set_up

    set_up(quiet=True)
    from passerelle.project.keeping_history import tell_status  # it needs Django to be set up

    tell_status(context.obj, now=now(), as_json=as_json)


def verify(
    context: typer.Context, *, as_json: JsonOption = False, quiet: QuietOption = False
) -> int:
    from passerelle.project.service.starting import set_up

    terminal: Terminal = context.obj.hushed(quiet)
    set_up(quiet=True)
    from passerelle.project.keeping_history import verify_history  # it needs Django to be set up

    return verify_history(terminal, as_json=as_json)


def rebuild(context: typer.Context, *, quiet: QuietOption = False) -> None:
    from passerelle.project.clock import now
    from passerelle.project.service.starting import set_up

    terminal: Terminal = context.obj.hushed(quiet)
    set_up(quiet=True)
    from passerelle.project.keeping_history import rebuild_history  # it needs Django to be set up

    rebuild_history(terminal, now=now())


def prune(
    context: typer.Context,
    days: Annotated[
        int, typer.Argument(metavar="DAYS", min=30, max=36_500, help="history.option.days")
    ],
    *,
    quiet: QuietOption = False,
) -> None:
    from passerelle.project.clock import now
    from passerelle.project.service.starting import set_up

    terminal: Terminal = context.obj.hushed(quiet)
    set_up(quiet=True)
    from passerelle.project.keeping_history import prune_log  # it needs Django to be set up

    prune_log(terminal, days=days, now=now())
