"""One lead of somebody's files, explained by the reference scorer."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches

from passerelle.core.explaining import explain
from passerelle.core.history import Lead
from passerelle.core.scorer import score_lead
from passerelle.core.sentences_rules import short_rule_name
from passerelle.project.failures import Refused
from passerelle.project.rendering.explanation import explanation_as_json, explanation_parts
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.run import Request, Run, open_run
from passerelle.project.terminal import Terminal
from passerelle.words import say


def explain_lead(
    terminal: Terminal, request: Request, key: str, *, now: datetime, as_json: bool = False
) -> None:
    """Show why the lead has its score, what is missing, what would change it, until when.

    Raises:
        Refused, WrongAgreement, FileProblem: something asked for cannot be right.
    """
    language = terminal.language
    with showing_steps(terminal) as steps:
        run = open_run(request, now=now, steps=steps)
        steps.doing(say("cli.step.explaining", language))
        lead = _find(run, key)
        score = score_lead(run.agreement, lead, as_of=run.as_of)
        told = explain(run.agreement, lead, score, language, name_rule=short_rule_name)
    if as_json:
        terminal.show(explanation_as_json(run, lead, score, told))
    else:
        terminal.show(*explanation_parts(run, lead, score, told, language))


def _find(run: Run, key: str) -> Lead:
    if found := run.leads([key]):
        return found[0]
    rows = run.connection.execute(
        "SELECT lead FROM leads ORDER BY levenshtein(lower(lead), lower(?)), lead LIMIT 20", [key]
    ).fetchall()
    keys = [row[0] for row in rows]
    if near := get_close_matches(key, keys, n=1, cutoff=0.6):
        raise Refused("cli.refused.lead_misspelt", lead=key, near=near[0])
    raise Refused("cli.refused.no_lead", lead=key, example=keys[0] if keys else "—")
