"""`passerelle serve`, and its parts `web`, `collect`, `work`; `migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from passerelle.project.terminal import Terminal

HostOption = Annotated[str | None, typer.Option("--host", metavar="H", help="cli.option.host")]
PortOption = Annotated[
    int | None,
    typer.Option("--port", "-p", metavar="N", min=1, max=65535, help="cli.option.port"),
]


def serve(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="cli.option.home")] = None,
    *,
    host: HostOption = None,
    port: PortOption = None,
    demo: Annotated[bool, typer.Option("--demo", help="cli.option.demo")] = False,
    once: Annotated[bool, typer.Option("--once", help="cli.option.once")] = False,
) -> None:
    from passerelle.project.service.serving import serve as run

    terminal: Terminal = context.obj
    run(terminal, folder, host=host, port=port, demo=demo, once=once)


def web(
    host: HostOption = None,
    port: PortOption = None,
    *,
    collect: Annotated[bool, typer.Option("--collect", help="cli.option.collect")] = False,
) -> None:
    from passerelle.project.service.serving import answer

    answer("both" if collect else "pages", host=host, port=port)


def collect(host: HostOption = None, port: PortOption = None) -> None:
    from passerelle.project.service.serving import answer

    answer("collector", host=host, port=port)


def work(
    lane: Annotated[
        Literal["live", "bulk"] | None,
        typer.Option("--lane", metavar="live|bulk", help="cli.option.lane"),
    ] = None,
) -> None:
    from passerelle.project.service.serving import work as run

    run(lane)


def migrate(context: typer.Context) -> None:
    from passerelle.project.service.starting import migrate_database, set_up
    from passerelle.words import say

    terminal: Terminal = context.obj
    set_up()
    terminal.show(say("service.migrated", terminal.language, n=migrate_database()))


def administrator(context: typer.Context) -> None:
    from passerelle.project.clock import now
    from passerelle.project.service.announcing import tell_administrator_link
    from passerelle.project.service.starting import refuse_unmigrated, set_up

    how = set_up(quiet=True)
    refuse_unmigrated()
    tell_administrator_link(context.obj, how, now=now())


def visit() -> None:
    from passerelle.project.service.serving import visit as run

    run()
