"""Everything the report shows, gathered from the connection in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from passerelle.core.agreement import Agreement
from passerelle.report.field_numbers import FieldNumbers, examine_fields
from passerelle.report.level_numbers import Matrix, Spread, cross_levels, spread_total
from passerelle.report.log_numbers import (
    ContentNumbers,
    LogNumbers,
    count_content,
    count_events,
)
from passerelle.report.rule_numbers import LineNumbers, RuleNumbers, weigh_lines, weigh_rules
from passerelle.report.stage_numbers import StageNumbers, count_stages
from passerelle.report.top_leads import TopLead, top_leads
from passerelle.words import Language


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one report."""

    stages: StageNumbers
    spread: Spread | None
    matrix: Matrix | None
    leads: tuple[TopLead, ...]
    rules: tuple[RuleNumbers, ...]
    lines: tuple[LineNumbers, ...]
    fields: tuple[FieldNumbers, ...]
    log: LogNumbers
    content: ContentNumbers | None


def gather(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    scored: str,
    as_of: datetime,
    top: int,
    language: Language,
) -> Numbers:
    """Count, weigh and examine; nothing is changed in the connection."""
    return Numbers(
        stages=count_stages(connection, agreement, scored),
        spread=spread_total(connection, agreement, scored),
        matrix=cross_levels(connection, agreement, scored),
        leads=top_leads(
            connection, agreement, scored=scored, as_of=as_of, top=top, language=language
        ),
        rules=weigh_rules(connection, agreement, scored),
        lines=weigh_lines(connection, agreement, scored),
        fields=examine_fields(connection, agreement),
        log=count_events(connection, agreement, as_of=as_of),
        content=count_content(connection, agreement),
    )
