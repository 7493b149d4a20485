"""What long work is doing, on one line that goes away when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from passerelle.files import Step
from passerelle.project.terminal import Terminal
from passerelle.words import Language


@dataclass(frozen=True, slots=True)
class Steps:
    """Told what is being done; shows it when somebody watches."""

    language: Language
    bar: Progress
    task: TaskID

    def doing(self, sentence: str, *, done: int = 0, total: int | None = None) -> None:
        """Say what is being done now, and how far it is where that is known."""
        self.bar.update(self.task, description=sentence, completed=done, total=total)

    def loading(self, step: Step, done: int, total: int) -> None:
        """Say how far a load is."""
        several = total > 1
        self.doing(step.says(self.language), done=done, total=total if several else None)


@contextmanager
def showing_steps(terminal: Terminal) -> Iterator[Steps]:
    """A line on the error stream for as long as the block runs, if it is a terminal."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        console=terminal.err,
        transient=True,
        disable=not terminal.shows_progress,
    )
    with bar:
        yield Steps(terminal.language, bar, bar.add_task("", total=None))
