"""`passerelle agreement`: check, show, compare, begin and compile agreements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from passerelle.project.commands.options import (
    AgreementArgument,
    AsOfOption,
    Dialect,
    JsonOption,
    KnownAtOption,
    MapOption,
    MemoryOption,
    QuietOption,
)
from passerelle.project.failures import ExitCode
from passerelle.project.rendering.help import Command, Group
from passerelle.project.terminal import Terminal


def agreement_app() -> typer.Typer:
    """The group of commands about agreements."""
    app = typer.Typer(cls=Group, no_args_is_help=True, help="cli.help.agreement")
    app.callback()(_group)
    app.command("check", cls=Command, help="cli.help.agreement_check")(check)
    app.command("show", cls=Command, help="cli.help.agreement_show")(show)
    app.command("diff", cls=Command, help="cli.help.agreement_diff")(diff)
    app.command("new", cls=Command, help="cli.help.agreement_new")(new)
    app.command("compile", cls=Command, help="cli.help.agreement_compile")(compile_)
    return app


def _group() -> None:
    pass


def check(
    context: typer.Context,
    agreement: AgreementArgument,
    *,
    leads: Annotated[
        list[str] | None, typer.Option("--leads", metavar="FILE", help="cli.option.check_leads")
    ] = None,
    events: Annotated[
        list[str] | None, typer.Option("--events", metavar="FILE", help="cli.option.check_events")
    ] = None,
    as_of: AsOfOption = "now",
    mapping: MapOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    memory: MemoryOption = "3GB",
) -> None:
    from passerelle.project.checking import check_agreement
    from passerelle.project.clock import now
    from passerelle.project.run import Request

    terminal: Terminal = context.obj.hushed(quiet or as_json)
    request = Request(
        agreement=agreement,
        leads=leads or (),
        events=events or (),
        as_of=as_of,
        mapping=mapping,
        memory=memory,
    )
    if not check_agreement(terminal, request, now=now(), as_json=as_json):
        raise typer.Exit(ExitCode.AT_FAULT)


def show(context: typer.Context, agreement: AgreementArgument) -> None:
    from passerelle.project.gallery import load_agreement
    from passerelle.project.rendering.agreement import description_parts

    terminal: Terminal = context.obj
    terminal.show(*description_parts(load_agreement(agreement), terminal.language))


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="cli.option.old")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="cli.option.new")],
) -> None:
    from passerelle.core.differences import difference_sentences
    from passerelle.project.gallery import load_agreement

    terminal: Terminal = context.obj
    before, after = load_agreement(old), load_agreement(new)
    terminal.show(*difference_sentences(before, after, terminal.language))


def new(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.option.new_file")],
    *,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="AGREEMENT", help="cli.option.from")
    ] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY", help="cli.option.key")] = None,
) -> None:
    from passerelle.project.beginning import begin_agreement

    terminal: Terminal = context.obj
    begin_agreement(terminal, file, source=from_, key=key)


def compile_(
    context: typer.Context,
    agreement: AgreementArgument,
    *,
    dialect: Annotated[
        Dialect,
        typer.Option(
            "--dialect",
            metavar="duckdb|spark|clickhouse|postgres|bigquery|snowflake",
            help="cli.option.dialect",
        ),
    ] = "duckdb",
    as_of: AsOfOption = "now",
    known_at: KnownAtOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.sql", help="cli.option.out_sql")
    ] = None,
) -> None:
    from passerelle.project.clock import now
    from passerelle.project.compiling import compile_agreement, write_text

    terminal: Terminal = context.obj
    text = compile_agreement(
        agreement, dialect, as_of=as_of, known_at=known_at, now=now(), language=terminal.language
    )
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
