"""Moves between stages as tables for a person, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from passerelle.core.explaining_format import number
from passerelle.project.rendering.reasons import stage_title
from passerelle.project.run import Run
from passerelle.words import Language, say

if TYPE_CHECKING:
    from passerelle.project.replaying import Moves


def moves_tables(
    run: Run, since: datetime, found: Moves, language: Language
) -> Iterator[RenderableType]:
    """The first moves, then how many there are of each kind."""
    first, last = (_moment(run, at) for at in (since, run.as_of))
    if not found.counts:
        yield say("cli.replay.nothing", language, since=first, until=last)
        return
    table = Table(box=box.SIMPLE_HEAD, title_justify="left")
    table.title = say("cli.replay.moves", language, since=first, until=last)
    for heading in ("when", "lead", "from", "to"):
        table.add_column(say(f"cli.table.{heading}", language), overflow="fold")
    table.add_column(say("cli.table.total", language), justify="right")
    for move in found.moves:
        stages = (stage_title(run.agreement, s, language) for s in (move.from_stage, move.to_stage))
        cells = [_moment(run, move.at), move.lead, *stages]
        table.add_row(*(Text(cell) for cell in cells), _points(move.total, language))
    if found.moves:
        yield table
    yield _counts(run, found, language)


def moves_as_json(run: Run, since: datetime, found: Moves) -> str:
    """All that is shown as one JSON object."""
    told = {
        "agreement": {"key": run.agreement.key, "version": run.agreement.version},
        "since": since.isoformat(),
        "until": run.as_of.isoformat(),
        "counts": [
            {"from": before, "to": after, "n": n} for (before, after), n in found.counts.items()
        ],
        "moves": [
            {
                "lead": move.lead,
                "at": move.at.isoformat(),
                "from": move.from_stage,
                "to": move.to_stage,
                "total": round(move.total, 6),
            }
            for move in found.moves
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _counts(run: Run, found: Moves, language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=say("cli.replay.counts", language))
    table.title_justify = "left"
    table.add_column(say("cli.table.from", language))
    table.add_column(say("cli.table.to", language))
    table.add_column(say("cli.table.moves", language), justify="right")
    for (before, after), n in found.counts.items():
        stages = (stage_title(run.agreement, s, language) for s in (before, after))
        table.add_row(*(Text(stage) for stage in stages), number(Decimal(n), language))
    return table


def _moment(run: Run, at: datetime) -> str:
    return f"{at.astimezone(run.agreement.zone):%Y-%m-%d %H:%M}"


def _points(points: float, language: Language) -> str:
    return number(Decimal(str(round(points, 1))), language)
