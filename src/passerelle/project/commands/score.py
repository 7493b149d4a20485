"""`passerelle score`: every lead's score from files, ranked, with reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from passerelle.project.commands.options import (
    AgreementOption,
    AsOfOption,
    EventsArgument,
    JsonOption,
    KnownAtOption,
    LeadsArgument,
    MapOption,
    MemoryOption,
    OutOption,
    QuietOption,
    RejectsOption,
    StrictOption,
)
from passerelle.project.failures import ExitCode
from passerelle.project.terminal import Terminal


def score(
    context: typer.Context,
    leads: LeadsArgument,
    events: EventsArgument = None,
    *,
    agreement: AgreementOption,
    as_of: AsOfOption = "now",
    known_at: KnownAtOption = None,
    mapping: MapOption = None,
    out: OutOption = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="cli.option.ledger")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="cli.option.report")
    ] = None,
    rejects: RejectsOption = None,
    top: Annotated[
        int, typer.Option("--top", min=0, max=10_000, metavar="N", help="cli.option.top")
    ] = 20,
    stage: Annotated[
        str | None, typer.Option("--stage", metavar="KEY", help="cli.option.stage")
    ] = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    memory: MemoryOption = "3GB",
) -> None:
    from passerelle.project.clock import now
    from passerelle.project.outputs import Outputs
    from passerelle.project.run import Request
    from passerelle.project.scoring import score_files

    terminal: Terminal = context.obj.hushed(quiet)
    request = Request(
        agreement=agreement,
        leads=[leads],
        events=events or (),
        as_of=as_of,
        known_at=known_at,
        mapping=mapping,
        memory=memory,
    )
    outputs = Outputs(out=out, ledger=ledger, report=report, rejects=rejects)
    rejected = score_files(
        terminal, request, outputs, now=now(), top=top, stage=stage, as_json=as_json
    )
    if strict and rejected:
        raise typer.Exit(ExitCode.REJECTED)
