"""The Typer application: its commands, with their words put in."""

from __future__ import annotations

from typing import Annotated, Any

import typer

import passerelle
from passerelle.project.commands.agreement import agreement_app
from passerelle.project.commands.backup import backup, restore
from passerelle.project.commands.demo import demo
from passerelle.project.commands.demo_data import demo_data
from passerelle.project.commands.doctor import doctor
from passerelle.project.commands.explain import explain
from passerelle.project.commands.history import history_app
from passerelle.project.commands.options import Language as LanguageChoice
from passerelle.project.commands.replay import replay
from passerelle.project.commands.score import score
from passerelle.project.commands.service import (
    administrator,
    collect,
    migrate,
    serve,
    visit,
    web,
    work,
)
from passerelle.project.rendering.help import Command, Group
from passerelle.words import Language, say


def build_app(language: Language) -> Any:
    """The command `passerelle`, ready to be run, its help in one language."""
    app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None, help="cli.help.root")
    app.callback()(_root)
    app.command("score", cls=Command, help="cli.help.score")(score)
    app.command("explain", cls=Command, help="cli.help.explain")(explain)
    app.command("replay", cls=Command, help="cli.help.replay")(replay)
    app.add_typer(agreement_app(), name="agreement")
    app.command("demo-data", cls=Command, help="cli.help.demo_data")(demo_data)
    app.command("demo", cls=Command, help="cli.help.demo")(demo)
    app.command("serve", cls=Command, help="cli.help.serve")(serve)
    app.command("web", cls=Command, help="cli.help.web")(web)
    app.command("collect", cls=Command, help="cli.help.collect")(collect)
    app.command("work", cls=Command, help="cli.help.work")(work)
    app.command("migrate", cls=Command, help="cli.help.migrate")(migrate)
    app.command("doctor", cls=Command, help="cli.help.doctor")(doctor)
    app.command("administrator", cls=Command, help="cli.help.administrator")(administrator)
    app.command("backup", cls=Command, help="history.help.backup")(backup)
    app.command("restore", cls=Command, help="history.help.restore")(restore)
    app.add_typer(history_app(), name="history")
    app.command("visit", cls=Command, help="cli.help.visit", hidden=True)(visit)
    command = typer.main.get_command(app)
    _put_words_in(command, language)
    return command


def _tell_version(asked: bool) -> None:  # noqa: FBT001  # the signature is Typer's
    if asked:
        typer.echo(f"passerelle {passerelle.__version__}")
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="cli.option.version"),
    ] = False,
) -> None:
    pass


def _everywhere(
    *,
    language: Annotated[
        LanguageChoice | None,
        typer.Option("--language", metavar="fr|en", help="cli.option.language"),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="cli.option.debug")] = False,
) -> None:
    """Options of every command, which `main` reads before there is a command."""


def _put_words_in(command: Any, language: Language) -> None:
    """Exchange the keys of the sentences for the sentences, in the command and all below it."""
    command.params += _common_options()
    command.help = say(command.help, language)
    for param in command.params:
        match param.name:
            case "install_completion" | "show_completion":
                param.help = say(f"cli.option.{param.name}", language)
            case _:
                param.help = say(param.help, language)
    for below in getattr(command, "commands", {}).values():
        _put_words_in(below, language)


def _common_options() -> list[Any]:
    app = typer.Typer(add_completion=False)
    app.command()(_everywhere)
    params: list[Any] = typer.main.get_command(app).params
    for param in params:
        param.expose_value = False
    return params
