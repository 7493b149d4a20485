"""`passerelle demo`: a company made up, its leads scored, a report to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from passerelle.project.commands.options import QuietOption
from passerelle.project.terminal import Terminal


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="cli.option.demo_folder")] = Path(
        "demo"
    ),
    *,
    leads: Annotated[
        int, typer.Option("--leads", metavar="N", help="cli.option.demo_leads")
    ] = 2_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="cli.option.seed")] = 7,
    quiet: QuietOption = False,
) -> None:
    from passerelle.project.demonstration import show_demo

    terminal: Terminal = context.obj.hushed(quiet)
    show_demo(terminal, folder, leads=leads, seed=seed)
