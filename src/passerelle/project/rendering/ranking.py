"""The ranking as tables for a person, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from passerelle.core.agreement import Agreement
from passerelle.core.explaining import attributed
from passerelle.core.explaining_format import number
from passerelle.project.ranking import RankedLead, Ranking
from passerelle.project.rendering.reasons import reason_name, reasons_in_words, stage_title
from passerelle.project.run import Run
from passerelle.words import Language, say


def ranking_tables(run: Run, ranking: Ranking, language: Language) -> Iterator[RenderableType]:
    """The table of the best leads, then the counts by stage."""
    if ranking.leads:
        yield _leads(run.agreement, ranking, language)
    yield _stages(run.agreement, ranking, language)


def ranking_as_json(run: Run, ranking: Ranking, language: Language) -> str:
    """All that is shown, and what was read, as one JSON object."""
    told = {
        "agreement": {"key": run.agreement.key, "version": run.agreement.version},
        "as_of": run.as_of.isoformat(),
        "known_at": None if run.known_at is None else run.known_at.isoformat(),
        "leads": run.loaded.lead_count,
        "events": run.loaded.event_count,
        "rejected": [
            {"rows": c.rows, "reason": c.reason, "action": c.action, "n": c.n}
            for c in run.loaded.rejected.counts
        ],
        "stages": dict(ranking.stages),
        "top": [_as_json(run.agreement, lead, language) for lead in ranking.leads],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _leads(agreement: Agreement, ranking: Ranking, language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=say("cli.table.best", language), title_justify="left")
    graded = any(lead.grade for lead in ranking.leads)
    table.add_column(say("cli.table.rank", language), justify="right")
    table.add_column(say("cli.table.lead", language), overflow="fold")
    table.add_column(say("cli.table.stage", language))
    table.add_column(say("cli.table.total", language), justify="right")
    if graded:
        table.add_column(say("cli.table.grade", language))
    for key in agreement.dimensions:
        table.add_column(key, justify="right")
    table.add_column(say("cli.table.reasons", language), ratio=1)
    for lead in ranking.leads:
        cells = [str(lead.rank), lead.lead, stage_title(agreement, lead.stage, language)]
        cells.append(_points(lead.total, language))
        cells += [lead.grade or ""] if graded else []
        cells += [_points(points, language) for points in lead.dimensions.values()]
        cells.append(" · ".join(reasons_in_words(agreement, lead.score, language)))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _stages(agreement: Agreement, ranking: Ranking, language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=say("cli.table.by_stage", language))
    table.title_justify = "left"
    table.add_column(say("cli.table.stage", language))
    table.add_column(say("cli.table.leads", language), justify="right")
    for stage, count in reversed(list(ranking.stages.items())):
        name = Text(stage_title(agreement, stage, language))
        table.add_row(name, number(Decimal(count), language))
    return table


def _as_json(agreement: Agreement, lead: RankedLead, language: Language) -> dict[str, object]:
    reasons = [
        {
            "kind": one.kind,
            "of": one.of,
            "points": float(one.points),
            "says": reason_name(agreement, one, language),
        }
        for one in attributed(agreement, lead.score)
        if one.points
    ]
    return {
        "rank": lead.rank,
        "lead": lead.lead,
        "stage": lead.stage,
        "total": round(lead.total, 6),
        "grade": lead.grade,
        "dimensions": {key: round(points, 6) for key, points in lead.dimensions.items()},
        "fast_track": lead.fast_track,
        "clock": lead.clock,
        "disqualified": lead.disqualified,
        "recycled": lead.recycled,
        "reasons": reasons,
    }


def _points(points: float, language: Language) -> str:
    return number(Decimal(str(round(points, 1))), language)
