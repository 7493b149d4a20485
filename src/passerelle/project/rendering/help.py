"""Help in the reader's language: what a command does, its arguments and its options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from passerelle.project.terminal import Terminal
from passerelle.words import Language, say


class Command(TyperCommand):
    """A command whose help stands in the language of its terminal."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this command."""
        language = _language(ctx)
        _write_head(self, ctx, formatter, language)
        params = self.get_params(ctx)
        _write_params(say("cli.heading.arguments", language), params, "argument", ctx, formatter)
        _write_params(say("cli.heading.options", language), params, "option", ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose help stands in the language of its terminal."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this group, a line a command."""
        language = _language(ctx)
        _write_head(self, ctx, formatter, language)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, (command.help or "").split("\n")[0]))
        with formatter.section(say("cli.heading.commands", language)):
            formatter.write_dl(rows)
        params = self.get_params(ctx)
        _write_params(say("cli.heading.options", language), params, "option", ctx, formatter)
        if ctx.parent is None:
            with formatter.section(say("cli.heading.exit_codes", language)):
                formatter.write_dl(
                    [(code, say(f"cli.exit.{code}", language)) for code in EXIT_CODES]
                )


EXIT_CODES = ("0", "1", "2", "3", "70", "130", "141")


def _language(ctx: Any) -> Language:
    terminal: Terminal = ctx.find_root().obj
    return terminal.language


def _write_head(command: Any, ctx: Any, formatter: Any, language: Language) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, f"{say('cli.heading.usage', language)} ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(command.help or "")


def _write_params(title: str, params: Sequence[Any], kind: str, ctx: Any, formatter: Any) -> None:
    language = _language(ctx)
    rows = []
    for param in params:
        if param.param_type_name != kind or getattr(param, "hidden", False):
            continue
        rows.append((_written(param), _described(param, language)))
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def _written(param: Any) -> str:
    if param.param_type_name == "argument":
        return str(param.metavar)
    names = ", ".join((*param.opts, *param.secondary_opts))
    return names if param.is_flag else f"{names} {param.metavar}"


def _described(param: Any, language: Language) -> str:
    notes = []
    if param.required:
        notes.append(say("cli.heading.required", language))
    elif isinstance(param.default, (str, int, float)) and not isinstance(param.default, bool):
        notes.append(say("cli.heading.default", language, value=param.default))
    return f"{param.help or ''} {' '.join(f'[{note}]' for note in notes)}".strip()
