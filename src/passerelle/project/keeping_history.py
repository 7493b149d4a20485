"""`passerelle history`: what its commands do and say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from passerelle.apps.history import actions, queries, verifying
from passerelle.apps.scoring.queries import current_agreement
from passerelle.core.memory import longest_memory
from passerelle.project.failures import ExitCode, Refused
from passerelle.project.rendering.progress import Steps, showing_steps
from passerelle.project.service.starting import refuse_unmigrated
from passerelle.project.terminal import Terminal
from passerelle.words import say

TRIES = 3


def tell_status(terminal: Terminal, *, now: datetime, as_json: bool) -> None:
    """Say how far the copy has come, and what it weighs."""
    refuse_unmigrated()
    found = queries.status(now)
    told = asdict(found) | {"lag": round(found.lag.total_seconds(), 1)}
    if as_json:
        terminal.show(json.dumps(told, indent=2))
        return
    sentence = "empty" if not found.rows else "status"
    terminal.show(say(f"history.{sentence}", terminal.language, **told))


def verify_history(terminal: Terminal, *, as_json: bool) -> ExitCode:
    """Check every file and every event; say what is wrong."""
    refuse_unmigrated()
    with showing_steps(terminal) as steps:
        findings = verifying.verify(_told(steps, "verifying"))
    if as_json:
        terminal.show(json.dumps([asdict(finding) for finding in findings], indent=2))
    elif not findings:
        terminal.show(say("history.sound", terminal.language))
    for finding in () if as_json else findings:
        code = f"history.finding.{finding.fault}"
        terminal.show(say(code, terminal.language, where=finding.where, n=finding.count))
    if findings:
        terminal.tell(say("history.mend", terminal.language))
    return ExitCode.AT_FAULT if findings else ExitCode.FINE


def rebuild_history(terminal: Terminal, *, now: datetime) -> None:
    """Make every file anew.

    Raises:
        Refused: something was erased meanwhile, each time.
    """
    refuse_unmigrated()
    with showing_steps(terminal) as steps:
        for _ in range(TRIES):
            try:
                rows = actions.rebuild(now, on_progress=_told(steps, "rebuilding"))
            except actions.Overtaken:
                continue
            break
        else:
            raise Refused("history.overtaken")
    terminal.show(say("history.rebuilt", terminal.language, n=rows))


def prune_log(terminal: Terminal, *, days: int, now: datetime) -> None:
    """Take old behaviour out of the database, where the agreement lets it.

    Raises:
        Refused: the agreement in force looks back further, or to the beginning.
    """
    refuse_unmigrated()
    published = current_agreement()
    if published is not None:
        memory = longest_memory(published[1])
        if memory is None:
            raise Refused("history.never_forgets")
        if days <= memory:
            raise Refused("history.looks_back", n=memory)
    with showing_steps(terminal) as steps:
        told = _told(steps, "pruning")
        pruned = actions.prune(now, timedelta(days=days), on_progress=told)
    terminal.show(say("history.pruned", terminal.language, n=pruned))


def _told(steps: Steps, what: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        steps.doing(say(f"history.doing.{what}", steps.language), done=done, total=total)

    return tell
