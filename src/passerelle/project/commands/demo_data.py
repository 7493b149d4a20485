"""`passerelle demo-data`: a made-up company's leads and events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from passerelle.project.commands.options import FileFormat, QuietOption
from passerelle.project.terminal import Terminal


def demo_data(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="cli.option.folder")],
    *,
    leads: Annotated[
        int, typer.Option("--leads", metavar="N", help="cli.option.demo_leads")
    ] = 2_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="cli.option.seed")] = 7,
    file_format: Annotated[
        FileFormat,
        typer.Option("--format", metavar="parquet|csv|jsonl", help="cli.option.format"),
    ] = "parquet",
    months: Annotated[int, typer.Option("--months", metavar="N", help="cli.option.months")] = 12,
    until: Annotated[
        str | None, typer.Option("--until", metavar="T", help="cli.option.demo_until")
    ] = None,
    events_per_lead: Annotated[
        float, typer.Option("--events-per-lead", metavar="N", help="cli.option.events_per_lead")
    ] = 20.0,
    quiet: QuietOption = False,
) -> None:
    from passerelle.project.demonstration import DemoRequest, make_demo_data

    terminal: Terminal = context.obj.hushed(quiet)
    make_demo_data(
        terminal,
        DemoRequest(
            folder=folder,
            leads=leads,
            seed=seed,
            file_format=file_format,
            months=months,
            until=until,
            events_per_lead=events_per_lead,
        ),
    )
