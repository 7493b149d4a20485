"""Help in the reader's language: what a command does, its arguments and its options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from typer.core import TyperCommand, TyperGroup

from passerelle.project.terminal import Terminal
from passerelle.words import Language, preferred_language, say


class Command(TyperCommand):
    """A command whose help stands in the language of its terminal."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option `--help`."""
        return _in_words(super().get_help_option(ctx), ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this command."""
        language = _language(ctx)
        _write_head(self, ctx, formatter, language)
        params = self.get_params(ctx)
        _write_params(say("cli.heading.arguments", language), params, "argument", ctx, formatter)
        _write_params(say("cli.heading.options", language), params, "option", ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose help stands in the language of its terminal."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option `--help`."""
        return _in_words(super().get_help_option(ctx), ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this group, a line a command."""
        language = _language(ctx)
        _write_head(self, ctx, formatter, language)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, (command.help or "").split("\n")[0]))
        with _section(say("cli.heading.commands", language), formatter):
            formatter.write_dl(rows)
        params = self.get_params(ctx)
        _write_params(say("cli.heading.options", language), params, "option", ctx, formatter)
        if ctx.parent is None:
            with _section(say("cli.heading.exit_codes", language), formatter):
                formatter.write_dl(
                    [(code, say(f"cli.exit.{code}", language)) for code in EXIT_CODES]
                )


EXIT_CODES = ("0", "1", "2", "3", "70", "130", "141")


def _language(ctx: Any) -> Language:
    terminal: Terminal | None = ctx.find_root().obj
    return preferred_language() if terminal is None else terminal.language


def _in_words(option: Any, ctx: Any) -> Any:
    if option is not None:
        option.help = say("cli.option.help", _language(ctx))
    return option


def _write_head(command: Any, ctx: Any, formatter: Any, language: Language) -> None:
    pieces = " ".join(usage_pieces(command))
    formatter.write_usage(ctx.command_path, pieces, f"{say('cli.heading.usage', language)} ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(command.help or "")


@contextmanager
def _section(title: str, formatter: Any) -> Iterator[None]:
    """A title that ends as its language wants it, and what stands below it."""
    formatter.write_paragraph()
    formatter.write(f"{title}\n")
    with formatter.indentation():
        yield


def usage_pieces(command: Any) -> Iterator[str]:
    """What may follow the command's name."""
    yield "[OPTIONS]"
    if isinstance(command, TyperGroup):
        yield "COMMAND"
    for param in command.params:
        if param.param_type_name == "argument":
            name = param.metavar if param.nargs == 1 else f"{param.metavar}..."
            yield name if param.required else f"[{name}]"


def _write_params(title: str, params: Sequence[Any], kind: str, ctx: Any, formatter: Any) -> None:
    language = _language(ctx)
    rows = []
    for param in params:
        if param.param_type_name != kind or getattr(param, "hidden", False):
            continue
        rows.append((written(param), _described(param, language)))
    if rows:
        with _section(title, formatter):
            formatter.write_dl(rows)


def written(param: Any) -> str:
    """An argument or option as it is typed."""
    if param.param_type_name == "argument":
        return str(param.metavar) if param.nargs == 1 else f"{param.metavar}..."
    names = ", ".join((*param.opts, *param.secondary_opts))
    return names if param.is_flag else f"{names} {param.metavar}"


def _described(param: Any, language: Language) -> str:
    notes = []
    if param.required:
        notes.append(say("cli.heading.required", language))
    elif isinstance(param.default, (str, int, float)) and not isinstance(param.default, bool):
        notes.append(say("cli.heading.default", language, value=param.default))
    return f"{param.help or ''} {' '.join(f'[{note}]' for note in notes)}".strip()
