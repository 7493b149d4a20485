"""`passerelle replay`: when each lead changed stage between two instants."""

from __future__ import annotations

from typing import Annotated

import typer

from passerelle.project.commands.options import (
    AgreementOption,
    EventsArgument,
    JsonOption,
    KnownAtOption,
    LeadsArgument,
    MapOption,
    MemoryOption,
    OutOption,
    QuietOption,
)
from passerelle.project.terminal import Terminal


def replay(
    context: typer.Context,
    leads: LeadsArgument,
    events: EventsArgument = None,
    *,
    agreement: AgreementOption,
    since: Annotated[str, typer.Option("--since", metavar="T", help="cli.option.since")],
    until: Annotated[str, typer.Option("--until", metavar="T", help="cli.option.until")] = "now",
    known_at: KnownAtOption = None,
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="LEAD", help="cli.option.only_lead")
    ] = None,
    mapping: MapOption = None,
    out: OutOption = None,
    top: Annotated[
        int, typer.Option("--top", min=0, max=100_000, metavar="N", help="cli.option.top_changes")
    ] = 50,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    memory: MemoryOption = "3GB",
) -> None:
    from passerelle.project.clock import now
    from passerelle.project.replaying import Window, replay_files
    from passerelle.project.run import Request

    terminal: Terminal = context.obj.hushed(quiet or as_json)
    request = Request(
        agreement=agreement,
        leads=[leads],
        events=events or (),
        as_of=until,
        as_of_option="--until",
        known_at=known_at,
        mapping=mapping,
        memory=memory,
    )
    window = Window(since=since, lead=lead, top=top, out=out, as_json=as_json)
    replay_files(terminal, request, window, now=now())
