"""A first agreement: by a short interview, or from one that exists."""

from __future__ import annotations

from pathlib import Path

import typer

from passerelle.core.interview import (
    Question,
    Unusable,
    agreement_text,
    checked,
    from_gallery,
    questions,
)
from passerelle.core.reading import read_agreement
from passerelle.project.compiling import write_text
from passerelle.project.failures import Refused
from passerelle.project.gallery import find_agreement, load_agreement, read_text
from passerelle.project.terminal import Terminal
from passerelle.words import say


def begin_agreement(terminal: Terminal, file: Path, *, source: str | None, key: str | None) -> None:
    """Write a new agreement to `file`, which may not be there yet.

    Raises:
        Refused: the file is there, or cannot be written, or an answer cannot be used.
        WrongAgreement: the source is no agreement.
    """
    language = terminal.language
    if file.exists():
        raise Refused("cli.refused.already_there", path=file)
    try:
        if source is not None:
            text = from_gallery(_sound(source), key or _key_of(file))
        else:
            text = _interview(terminal, {} if key is None else {"key": key})
    except Unusable as fault:
        raise Refused("cli.refused.answer", says=fault.says(language)) from fault
    read_agreement(text)
    write_text(file, text)
    terminal.tell(say("cli.new.written", language, path=file))
    terminal.tell(f"  passerelle agreement show {file}", f"  passerelle agreement check {file}")


def _sound(source: str) -> str:
    load_agreement(source)
    return read_text(find_agreement(source))


def _key_of(file: Path) -> str:
    name = file.name.partition(".")[0].lower()
    return "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in name).strip("_")


def _interview(terminal: Terminal, answers: dict[str, str]) -> str:
    language = terminal.language
    terminal.tell(say("cli.new.welcome", language), "")
    asked = {question.key: question for question in questions(language)}
    for question in asked.values():
        if question.key not in answers:
            answers[question.key] = _ask(terminal, question)
    while True:
        try:
            return agreement_text(answers, language)
        except Unusable as fault:
            terminal.warn(fault.says(language))
            answers[fault.question] = _ask(terminal, asked[fault.question])


def _ask(terminal: Terminal, question: Question) -> str:
    language = terminal.language
    typer.echo(question.text, err=True)
    for key, words in question.choices:
        typer.echo(say("cli.new.choice", language, key=key, words=words), err=True)
    while True:
        typer.echo(say("cli.new.prompt", language, default=question.default), nl=False, err=True)
        try:
            return checked(question, input())
        except Unusable as fault:
            terminal.warn(fault.says(language))
        except EOFError as fault:
            raise Refused("cli.refused.no_answer", question=question.text) from fault
