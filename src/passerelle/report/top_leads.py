"""The leads with the highest scores that are still to be won, each with its reasons and ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import Value
from passerelle.core.explaining import Reason, reasons
from passerelle.core.history import Lead
from passerelle.core.scorer import Score, record_of, score_lead
from passerelle.core.stages import TOTAL
from passerelle.files.quoting import any_of, identifier, literal
from passerelle.relations.duck import leads_of
from passerelle.report.asking import rows
from passerelle.report.ledgers import LedgerTable, ledger_tables
from passerelle.report.naming import level_label, rule_label, trigger_label
from passerelle.report.plain_text import plain
from passerelle.report.stage_numbers import asides_of, rungs_of, won_stages
from passerelle.words import Language, say


@dataclass(frozen=True, slots=True)
class NamedReason:
    """What brings points to the total, by name."""

    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class TopLead:
    """One lead as it is shown: who it is, where it stands and why."""

    key: str
    name: str
    company: str
    title: str
    email: str
    stage: str
    fast_track: str
    grade: str
    total: Decimal
    reasons: tuple[NamedReason, ...]
    last_event: str
    last_on: date | None
    ledger: tuple[LedgerTable, ...]


def top_leads(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    *,
    scored: str,
    as_of: datetime,
    top: int,
    language: Language,
) -> tuple[TopLead, ...]:
    """The `top` leads with the highest totals; those aside and customers are left out."""
    out = any_of((*asides_of(agreement), *won_stages(agreement)))
    ladder = ", ".join(literal(key) for key in rungs_of(agreement))
    found = rows(
        connection,
        f"SELECT lead FROM {identifier(scored)} WHERE stage NOT IN {out} "
        f"ORDER BY round(level__total, 6) DESC, list_position([{ladder}], stage) DESC, lead "
        f"LIMIT {top:d}",
    )
    leads = leads_of(connection, agreement, [key for (key,) in found])
    return tuple(_shown(agreement, lead, as_of=as_of, language=language) for lead in leads)


def _shown(agreement: Agreement, lead: Lead, *, as_of: datetime, language: Language) -> TopLead:
    score = score_lead(agreement, lead, as_of=as_of)
    at = record_of(agreement, lead).at(as_of)
    last = at.events[-1] if at.events else None
    track = score.standing.fast_track
    return TopLead(
        key=plain(lead.key),
        name=_name(at.fields),
        company=_text(at.fields, "company"),
        title=_text(at.fields, "job_title"),
        email=_text(at.fields, "email"),
        stage=score.stage,
        fast_track=trigger_label(agreement, track, language) if track else "",
        grade=score.levels.grade,
        total=score.total,
        reasons=_named(agreement, score, language),
        last_event=last.name if last else "",
        last_on=last.day if last else None,
        ledger=tuple(ledger_tables(agreement, score, language)),
    )


def _named(agreement: Agreement, score: Score, language: Language) -> tuple[NamedReason, ...]:
    return tuple(
        NamedReason(_reason_label(agreement, reason, language), reason.points)
        for reason in reasons(agreement, score, most=4)
    )


def _reason_label(agreement: Agreement, reason: Reason, language: Language) -> str:
    match reason.kind:
        case "rule":
            return rule_label(agreement, reason.of, language)
        case "override" | "set":
            return trigger_label(agreement, reason.of, language)
        case "unscored":
            level = level_label(reason.of, language)
            return say("report.leads.unscored", language, level=level)
    known = reason.of == TOTAL or reason.of in agreement.dimensions
    of = level_label(reason.of, language) if known else plain(reason.of)
    return say("report.leads.line", language, of=of)


def _name(fields: Mapping[str, Value]) -> str:
    whole = _text(fields, "name")
    parts = (_text(fields, "first_name"), _text(fields, "last_name"))
    return whole or " ".join(part for part in parts if part)


def _text(fields: Mapping[str, Value], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else plain(value)
