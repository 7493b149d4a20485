"""The explanation of one score: its sections, then the ledger that adds up to it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from passerelle.core.agreement import Agreement
from passerelle.core.explaining import Explanation
from passerelle.core.explaining_format import level_name, number, signed, titled
from passerelle.core.history import Lead
from passerelle.core.ledger import Entry
from passerelle.core.scorer import Score
from passerelle.core.sentences_rules import short_rule_name
from passerelle.core.stages import TOTAL
from passerelle.project.rendering.agreement import bulleted
from passerelle.project.run import Run
from passerelle.words import Language, say


def explanation_parts(
    run: Run, lead: Lead, score: Score, told: Explanation, language: Language
) -> Iterator[RenderableType]:
    """A heading, each section with its sentences, and the ledger level by level."""
    moment = f"{run.as_of.astimezone(run.agreement.zone):%Y-%m-%d %H:%M}"
    zone = run.agreement.timezone
    yield Text(
        say("cli.explain.heading", language, lead=lead.key, moment=moment, zone=zone), style="bold"
    )
    for section in told.sections:
        yield Text(f"\n{section.title}", style="bold")
        for sentence in section.sentences:
            yield bulleted(sentence)
    yield ""
    yield _ledger(run.agreement, score, language)


def explanation_as_json(run: Run, lead: Lead, score: Score, told: Explanation) -> str:
    """The same, with every entry of the ledger, as one JSON object."""
    entries = [entry._asdict() | {"points": float(entry.points)} for entry in score.levels.entries]
    found = {
        "lead": lead.key,
        "agreement": {"key": run.agreement.key, "version": run.agreement.version},
        "as_of": run.as_of.isoformat(),
        "known_at": None if run.known_at is None else run.known_at.isoformat(),
        "stage": score.stage,
        "total": float(score.total),
        "grade": score.levels.grade or None,
        "dimensions": {key: float(points) for key, points in score.levels.dimensions.items()},
        "ledger": entries,
        "sections": [
            {"key": section.key, "title": section.title, "sentences": list(section.sentences)}
            for section in told.sections
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _ledger(agreement: Agreement, score: Score, language: Language) -> Table:
    title = say("cli.explain.ledger", language)
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    table.add_column(say("cli.table.level", language))
    table.add_column(say("cli.table.of", language), overflow="fold")
    table.add_column(say("cli.table.what", language))
    table.add_column(say("cli.table.points", language), justify="right")
    for level in (*agreement.dimensions, TOTAL):
        for entry in score.levels.entries:
            if entry.level == level and entry.points:
                table.add_row(
                    level_name(level, language),
                    Text(_source(agreement, entry, language)),
                    say(f"cli.entry.{entry.kind}", language),
                    signed(entry.points, language),
                )
        reached = number(score.levels.of(level), language)
        name = level_name(level, language)
        table.add_row(name, "", say("cli.entry.sum", language), f"= {reached}", style="bold")
        table.add_section()
    return table


def _source(agreement: Agreement, entry: Entry, language: Language) -> str:
    match entry.kind:
        case "granted" | "faded" | "rule_line":
            return short_rule_name(agreement.rule(entry.of), language)
        case "override" | "set":
            return titled(agreement, entry.of)
        case "weight" | "unscored" | "dimension_line" | "total_line":
            return level_name(entry.of, language)
        case "group_line":
            return entry.of
