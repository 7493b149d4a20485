"""An agreement looked at: what is wrong with it, and what its use on data would show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from passerelle.core.agreement import Agreement
from passerelle.core.faults import Fault, written
from passerelle.core.rules import Rule
from passerelle.core.sentences_rules import short_rule_name
from passerelle.project.failures import Refused
from passerelle.project.gallery import WrongAgreement, find_agreement, load_agreement
from passerelle.project.ranking import SCORED
from passerelle.project.rendering.faults import faults_in_words
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.run import Request, Run, open_run
from passerelle.project.terminal import Terminal
from passerelle.relations.chunks import score_into
from passerelle.words import Language, say

TEAMS = ("marketing", "sales")
FEWEST_LEADS = 5
"""Leads for which two rules must fire together before that is worth a word."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to think about, that keeps nobody from using the agreement."""

    code: str
    says: str


def check_agreement(
    terminal: Terminal, request: Request, *, now: datetime, as_json: bool = False
) -> bool:
    """Show every fault of the agreement, or that it has none and what is worth a thought.

    Whether it can be used.

    Raises:
        Refused, FileProblem: there is no such agreement, or the data cannot be read.
    """
    language = terminal.language
    if request.events and not request.leads:
        raise Refused("cli.refused.events_without_leads")
    path = find_agreement(request.agreement)
    try:
        agreement = load_agreement(request.agreement)
    except WrongAgreement as wrong:
        if as_json:
            terminal.show(_as_json(wrong.faults, [], language))
        else:
            terminal.show(*faults_in_words(wrong.path, wrong.faults, language))
        return False
    warned = list(_unsigned(agreement, language))
    if request.leads:
        warned += _from_data(terminal, request, now)
    if as_json:
        terminal.show(_as_json((), warned, language))
        return True
    counts = {"n": len(agreement.rules), "version": agreement.version}
    terminal.show(say("cli.check.fine", language, path=path, key=agreement.key, **counts))
    for warning in warned:
        terminal.show(f"  • {warning.says}")
    return True


def _unsigned(agreement: Agreement, language: Language) -> list[Warned]:
    signed = {signature.team for signature in agreement.signatures}
    missing = [say(f"cli.team.{team}", language) for team in TEAMS if team not in signed]
    if not missing:
        return []
    teams = ", ".join(missing)
    return [Warned("unsigned", say("cli.check.unsigned", language, teams=teams))]


def _from_data(terminal: Terminal, request: Request, now: datetime) -> list[Warned]:
    language = terminal.language
    with showing_steps(terminal) as steps:
        run = open_run(request, now=now, steps=steps)
        steps.doing(say("cli.step.scoring", language))
        score_into(run.connection, run.agreement, as_of=run.as_of, into=SCORED)
        fired = _fired(run)
        found = [
            Warned(
                "never_fires", say("cli.check.never_fires", language, rule=_name(rule, language))
            )
            for rule in run.agreement.rules
            if not fired[rule.key]
        ]
        for one, other in _together(run, fired):
            names = {"one": _name(one, language), "other": _name(other, language)}
            n = fired[one.key]
            found.append(Warned("together", say("cli.check.together", language, n=n, **names)))
    return found


def _fired(run: Run) -> dict[str, int]:
    """For how many leads each rule has ever given or taken anything."""
    parts = ", ".join(f'count(*) FILTER ("granted__{r.key}" <> 0)' for r in run.agreement.rules)
    row = run.connection.execute(f"SELECT {parts} FROM {SCORED}").fetchone()
    return dict(zip((r.key for r in run.agreement.rules), row or (), strict=True))


def _together(run: Run, fired: dict[str, int]) -> list[tuple[Rule, Rule]]:
    """Pairs of rules that give or take for exactly the same leads, several of them."""
    often = [rule for rule in run.agreement.rules if fired[rule.key] >= FEWEST_LEADS]
    pairs = [
        (one, other)
        for place, one in enumerate(often)
        for other in often[place + 1 :]
        if fired[one.key] == fired[other.key] < run.loaded.lead_count
    ]
    found = []
    for one, other in pairs:
        row = run.connection.execute(
            f'SELECT count(*) FROM {SCORED} WHERE ("granted__{one.key}" <> 0) '
            f'<> ("granted__{other.key}" <> 0)'
        ).fetchone()
        if row == (0,):
            found.append((one, other))
    return found


def _name(rule: Rule, language: Language) -> str:
    words = short_rule_name(rule, language)
    return (
        rule.key if words == rule.key else say("cli.check.rule", language, key=rule.key, says=words)
    )


def _as_json(faults: tuple[Fault, ...], warned: list[Warned], language: Language) -> str:
    told = {
        "valid": not faults,
        "faults": [
            {
                "code": fault.code,
                "path": written(fault.path),
                "line": fault.line,
                "found": fault.found,
                "wrong": fault.wrong(language),
                "remedy": fault.remedy(language),
            }
            for fault in faults
        ],
        "warnings": [{"code": warning.code, "says": warning.says} for warning in warned],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
