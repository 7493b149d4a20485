"""A small company's files on a desk, and the command line run on them."""

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from passerelle.project.main import run
from tests.outside import CHECKOUT

AGREEMENT = """\
passerelle: 1
key: desk
timezone: Europe/Paris
fields:
  employees: number
  industry: {one_of: [software, retail]}
dimensions:
  fit: {range: [0, 100], weight: 0.5}
  engagement: {range: [0, 100], weight: 0.5}
rules:
  - {key: size, dimension: fit, field: employees, bands: {"<10": -20, "50..499": 40, ">=500": 60}}
  - {key: trade, dimension: fit, field: industry, values: {software: 20, retail: 10}}
  - key: pricing
    dimension: engagement
    event: page
    where: {path: /pricing*}
    points: 20
    half_life: 30d
    max: 60
  - {key: paper, dimension: engagement, event: download, points: 10, window: 30d}
total: {weighted: [fit, engagement], range: [0, 100]}
grades: {fit: {A: 60, B: 0}, engagement: {"1": 40, "2": 0}}
stages:
  contact: {label: Contact}
  mql: {label: MQL, when: {total: ">=50"}, falls_below: 40}
fast_tracks:
  - {key: asked, event: demo_requested, to: handoff, window: 30d}
"""
LEADS = """\
lead;email;company;employees;industry
ann;ann@north.example;North;600;software
bob;bob@south.example;South;120;retail
cyd;cyd@east.example;East;5;software
dan;dan@west.example;West;;
"""
EVENTS = """\
id,lead,event,occurred_at,received_at,path
e1,ann,page,2026-06-20T10:00:00Z,2026-06-20T10:00:01Z,/pricing
e2,ann,page,2026-06-28T10:00:00Z,2026-06-28T10:00:01Z,/pricing/teams
e3,ann,download,2026-06-29T09:00:00Z,2026-06-29T09:00:01Z,
e4,bob,page,2026-06-25T08:00:00Z,2026-06-29T08:00:00Z,/pricing
e5,cyd,demo_requested,2026-06-27T12:00:00Z,2026-06-27T12:00:01Z,/demo
e6,bob,page,2026-06-01T08:00:00Z,2026-06-01T08:00:01Z,/blog
"""
AS_OF = "2026-06-30"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, and what it said on each stream."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams on one line, however they were wrapped."""
        return " ".join(f"{self.out} {self.err}".split())


def passerelle(*arguments: str | Path) -> Ended:
    """Run a command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Ended(code, out.getvalue(), err.getvalue())


def started(*arguments: str | Path, folder: Path) -> "subprocess.Popen[str]":
    """Start a command line as a process of its own, as a shell does."""
    return subprocess.Popen(
        entry(arguments),
        cwd=folder,
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def entry(arguments: Sequence[str | Path]) -> list[str]:
    """What the console entry of an installed package does."""
    code = "import sys; from passerelle.project.main import main; sys.exit(main())"
    return [sys.executable, "-c", code, *(str(argument) for argument in arguments)]


def environment(**more: str) -> dict[str, str]:
    """The environment of such a process."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT / "src"), **more}


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with an agreement, leads and events."""

    folder: Path

    @property
    def agreement(self) -> Path:
        return self.folder / "desk.yaml"

    @property
    def leads(self) -> Path:
        return self.folder / "leads.csv"

    @property
    def events(self) -> Path:
        return self.folder / "events.csv"

    @property
    def inputs(self) -> tuple[Path | str, ...]:
        """The arguments that every command on files takes."""
        return (self.leads, self.events, "--agreement", self.agreement)

    def score(self, *more: str | Path) -> Ended:
        """Score the files as of the evening of 30 June 2026."""
        return passerelle("score", *self.inputs, "--as-of", AS_OF, *more)


def a_desk(folder: Path, *, agreement: str = AGREEMENT, events: str = EVENTS) -> Desk:
    """Write the files into `folder`."""
    desk = Desk(folder)
    desk.agreement.write_text(agreement, "utf-8")
    desk.leads.write_text(LEADS, "utf-8")
    desk.events.write_text(events, "utf-8")
    return desk
