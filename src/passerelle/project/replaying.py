"""Somebody's files replayed: every change of score, and the moves between stages among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from passerelle.files import write_table
from passerelle.project.failures import Refused
from passerelle.project.instants import read_instant
from passerelle.project.outputs import Outputs, refuse_impossible
from passerelle.project.rendering.load import load_in_words
from passerelle.project.rendering.moves import moves_as_json, moves_tables
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.run import Request, Run, open_run
from passerelle.project.terminal import Terminal
from passerelle.relations.replay_chunks import replay_into
from passerelle.words import say

CHANGES = "changes"
MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Window:
    """From when on to look, at which lead, and what to show and write."""

    since: str
    lead: str | None = None
    top: int = 50
    out: Path | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A lead went from one stage to another."""

    lead: str
    at: datetime
    from_stage: str
    to_stage: str
    total: float


@dataclass(frozen=True, slots=True)
class Moves:
    """The first moves in order of time, and how many there are of each kind."""

    moves: tuple[Move, ...]
    counts: Mapping[tuple[str, str], int]


def replay_files(terminal: Terminal, request: Request, window: Window, *, now: datetime) -> None:
    """Replay the files between two instants, write every change, show the moves.

    Raises:
        Refused, WrongAgreement, FileProblem: something asked for cannot be right.
    """
    language = terminal.language
    refuse_impossible(Outputs(out=window.out), inputs=request.inputs)
    with showing_steps(terminal) as steps:
        run = open_run(request, now=now, steps=steps)
        since = read_instant(
            window.since, agreement=run.agreement, now=now, option="--since", edge="start"
        )
        if since > run.as_of:
            raise Refused("cli.refused.since_after_until", since=since, until=run.as_of)
        if window.lead is not None:
            _keep_only(run, window.lead)
        replaying = say("cli.step.replaying", language)
        steps.doing(replaying)
        replay_into(
            run.connection,
            run.agreement,
            since=since,
            until=run.as_of,
            known_at=run.known_at,
            into=CHANGES,
            on_progress=lambda done, total: steps.doing(replaying, done=done, total=total),
        )
        steps.doing(say("cli.step.writing", language))
        if window.out is not None:
            write_table(run.connection, f"SELECT * FROM {CHANGES} ORDER BY lead, as_of", window.out)
        found = _moves(run, window.top)
    terminal.tell(*load_in_words(run, language), "")
    if window.as_json:
        terminal.show(moves_as_json(run, since, found))
    else:
        terminal.show(*moves_tables(run, since, found, language))
    if window.out is not None:
        terminal.tell(say("cli.score.written", language, path=window.out))


def _keep_only(run: Run, lead: str) -> None:
    known = run.connection.execute("SELECT lead FROM leads WHERE lead = ?", [lead]).fetchone()
    if known is None:
        example = run.connection.execute("SELECT min(lead) FROM leads").fetchone()
        raise Refused("cli.refused.no_lead", lead=lead, example=example and example[0])
    run.connection.execute(
        "CREATE OR REPLACE TABLE leads AS SELECT * FROM leads WHERE lead = ?", [lead]
    )


def _moves(run: Run, top: int) -> Moves:
    run.connection.execute(
        f"CREATE TABLE {MOVES} AS SELECT * FROM ("
        "SELECT lead, as_of, lag(stage) OVER (PARTITION BY lead ORDER BY as_of) AS before, stage, "
        f"level__total AS total FROM {CHANGES}) WHERE before <> stage"
    )
    counts = run.connection.execute(
        f"SELECT before, stage, count(*) AS n FROM {MOVES} GROUP BY ALL "
        "ORDER BY n DESC, before, stage"
    ).fetchall()
    rows = run.connection.execute(
        f"SELECT lead, as_of, before, stage, total FROM {MOVES} ORDER BY as_of, lead LIMIT {top:d}"
    ).fetchall()
    return Moves(
        tuple(Move(lead, at.replace(tzinfo=UTC), *rest) for lead, at, *rest in rows),
        {(before, stage): n for before, stage, n in counts},
    )
