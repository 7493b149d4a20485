"""The made-up company: its files, and what scoring them shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from passerelle.demo import FileFormat, summary_lines, write_demo
from passerelle.project.gallery import gallery, load_agreement
from passerelle.project.instants import read_instant
from passerelle.project.outputs import Outputs
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.run import Request
from passerelle.project.scoring import score_files
from passerelle.project.terminal import Terminal
from passerelle.words import say

AGREEMENT = "demo"
UNTIL = datetime(2026, 7, 1, tzinfo=UTC)
"""The last instant of the demo, the same on every machine and every day."""


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """Which demo to write, and where."""

    folder: Path
    leads: int
    seed: int
    file_format: FileFormat = "parquet"
    months: int = 12
    until: str | None = None
    events_per_lead: float = 20.0


def make_demo_data(terminal: Terminal, request: DemoRequest) -> None:
    """Write the demo's files and say what they hold.

    Raises:
        ImpossibleDemo, Refused: it cannot be written as asked.
    """
    language = terminal.language
    until = UNTIL
    if request.until is not None:
        agreement = load_agreement(str(gallery()[AGREEMENT]))
        until = read_instant(
            request.until, agreement=agreement, now=UNTIL, option="--until", edge="end"
        )
    sentence = say("cli.step.simulating", language)
    with showing_steps(terminal) as steps:
        summary = write_demo(
            request.folder,
            leads=request.leads,
            seed=request.seed,
            until=until,
            months=request.months,
            file_format=request.file_format,
            events_per_lead=request.events_per_lead,
            on_progress=lambda done: steps.doing(sentence, done=done, total=request.leads),
        )
    terminal.tell(*summary_lines(summary, language))
    terminal.tell(say("cli.demo.folder", language, folder=request.folder))


def show_demo(terminal: Terminal, folder: Path, *, leads: int, seed: int) -> None:
    """Write the demo's files unless they are there, score them, show the best, write a report.

    Raises:
        ImpossibleDemo, FileProblem, Refused: the folder cannot be written or holds something else.
    """
    language = terminal.language
    lead_file, event_file = (folder / f"{name}.csv" for name in ("leads", "events"))
    if lead_file.is_file() and event_file.is_file():
        terminal.tell(say("cli.demo.there", language, folder=folder))
    else:
        make_demo_data(
            terminal, DemoRequest(folder=folder, leads=leads, seed=seed, file_format="csv")
        )
    report = folder / "report.html"
    request = Request(
        agreement=str(gallery()[AGREEMENT]),
        leads=[str(lead_file)],
        events=[str(event_file)],
        as_of=UNTIL.isoformat(),
    )
    score_files(terminal, request, Outputs(report=report), now=UNTIL, top=SHOWN)
    terminal.show(say("cli.demo.report", language, report=report))
    terminal.tell(
        "",
        say("cli.demo.next", language),
        f"  passerelle score {lead_file} {event_file} --agreement {AGREEMENT} --as-of {AS_OF}",
        f"  passerelle agreement show {AGREEMENT} --language {language}",
    )


SHOWN = 15
AS_OF = f"{UNTIL:%Y-%m-%dT%H:%MZ}"
