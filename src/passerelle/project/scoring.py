"""Scoring somebody's files, from reading them to what is shown and written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from passerelle.files import write_rejects, write_table
from passerelle.project.outputs import Outputs, refuse_impossible
from passerelle.project.ranking import ORDER, SCORED, rank
from passerelle.project.rendering.load import load_in_words
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.rendering.ranking import ranking_as_json, ranking_tables
from passerelle.project.run import Request, Run, open_run
from passerelle.project.terminal import Terminal
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import contributions_of
from passerelle.words import say


def score_files(
    terminal: Terminal,
    request: Request,
    outputs: Outputs,
    *,
    now: datetime,
    top: int = 20,
    stage: str | None = None,
    as_json: bool = False,
) -> int:
    """Score the files, write what was asked for, show the ranking; how much was rejected.

    Raises:
        Refused, WrongAgreement, FileProblem: something asked for cannot be right.
    """
    language = terminal.language
    if as_json:
        terminal = terminal.hushed(quiet=True)
    refuse_impossible(outputs, inputs=request.inputs)
    with showing_steps(terminal) as steps:
        run = open_run(request, now=now, steps=steps)
        scoring = say("cli.step.scoring", language)
        steps.doing(scoring)
        score_into(
            run.connection,
            run.agreement,
            as_of=run.as_of,
            known_at=run.known_at,
            into=SCORED,
            on_progress=lambda done, total: steps.doing(scoring, done=done, total=total),
        )
        steps.doing(say("cli.step.ranking", language))
        ranking = rank(run, top=top, stage=stage)
        steps.doing(say("cli.step.writing", language))
        write_outputs(run, outputs, terminal)
    terminal.tell(*load_in_words(run, language), "")
    if as_json:
        terminal.show(ranking_as_json(run, ranking, language))
    else:
        terminal.show(*ranking_tables(run, ranking, language))
    for path in outputs.paths:
        terminal.tell(say("cli.score.written", language, path=path))
    return run.loaded.rejected.total


def write_outputs(run: Run, outputs: Outputs, terminal: Terminal) -> None:
    """Write the files that were asked for, each whole or not at all.

    Raises:
        FileProblem, Refused: one of them cannot be written.
    """
    if outputs.out is not None:
        write_table(run.connection, _scores(run), outputs.out, unique="lead")
    if outputs.ledger is not None:
        ledger = contributions_of(run.connection, run.agreement, SCORED)
        write_table(run.connection, ledger.order("lead, rule"), outputs.ledger)
    if outputs.rejects is not None:
        write_rejects(run.loaded.rejected, outputs.rejects, language=terminal.language)
    if outputs.report is not None:
        _write_report(run, outputs.report, terminal)


def _scores(run: Run) -> str:
    agreement = run.agreement
    columns = ["lead", "stage", 'round("level__total", 6) AS total', "grade"]
    columns += [f'round("level__{key}", 6) AS "{key}"' for key in agreement.dimensions]
    columns += ["fast_track", "clock", "disqualified", "recycled"]
    if agreement.qualification is not None:
        columns += ["bant_points AS bant", "qualified"]
    return (
        f"SELECT row_number() OVER (ORDER BY {ORDER}) AS rank, {', '.join(columns)} "
        f"FROM {SCORED} ORDER BY rank"
    )


def _write_report(run: Run, path: Path, terminal: Terminal) -> None:
    from passerelle.report.writing import write_report  # noqa: PLC0415  # drawing costs a second to load

    write_report(
        run.connection,
        run.agreement,
        scored=SCORED,
        path=path,
        language=terminal.language,
        as_of=run.as_of,
        loaded=run.loaded,
    )
