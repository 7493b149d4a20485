"""One lead's score, reckoned from its log as the page is asked for, with all that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

from passerelle.apps.people.models import Lead
from passerelle.apps.people.queries import logs_of
from passerelle.apps.scoring.models import Transition
from passerelle.apps.scoring.queries import agreement_of
from passerelle.core.agreement import Agreement
from passerelle.core.explaining_ahead import change, until
from passerelle.core.explaining_gaps import not_yet
from passerelle.core.explaining_standing import qualification, summary
from passerelle.core.explaining_why import late, lines, overrides, why
from passerelle.core.history import Lead as Log
from passerelle.core.lifecycle_course import Point, course
from passerelle.core.outlook import until_when, what_would_change, why_not_yet
from passerelle.core.scorer import Score, record_of, score_lead
from passerelle.core.sentences_rules import short_rule_name
from passerelle.core.standing import Record, standing_at
from passerelle.words import Language

LOOKED_AHEAD_DAYS = 400
PLOTTED = timedelta(days=90)
_SUGGESTIONS = 4


@dataclass(frozen=True)
class Reckoned:
    """A lead under an agreement, as known at `now`."""

    agreement: Agreement
    log: Log
    now: datetime

    @cached_property
    def score(self) -> Score:
        """The score, with its ledger."""
        return score_lead(self.agreement, self.log, as_of=self.now)

    @cached_property
    def record(self) -> Record:
        """The lead as the agreement sees it."""
        return record_of(self.agreement, self.log)

    def why(self, language: Language) -> list[tuple[str, list[str]]]:
        """Where the lead stands and why: sentences by section; empty sections are left out."""
        agreement, log, score = self.agreement, self.log, self.score
        told = {
            "summary": summary(agreement, score, language),
            "why": why(agreement, log, score, language, name_rule=short_rule_name),
            "lines": lines(score, language),
            "overrides": overrides(agreement, score, language),
            "late": late(agreement, score, language, name_rule=short_rule_name),
            "bant": qualification(agreement, log, score, language),
        }
        return _filled(told)

    def ahead(self, language: Language) -> list[tuple[str, list[str]]]:
        """Why not yet, what would change it, and until when; this takes its time."""
        agreement, log, here = self.agreement, self.log, self.score.stage
        suggestions = what_would_change(agreement, log, as_of=self.now, most=_SUGGESTIONS)
        fall = until_when(agreement, log, as_of=self.now, horizon_days=LOOKED_AHEAD_DAYS)
        name = short_rule_name
        told = {
            "not_yet": not_yet(
                agreement, here, why_not_yet(agreement, log, as_of=self.now), language
            ),
            "change": change(
                agreement, suggestions, language, here=here, as_of=self.now, name_rule=name
            ),
            "until": until(
                agreement, here, fall, language, name_rule=name, horizon_days=LOOKED_AHEAD_DAYS
            ),
        }
        return _filled(told)

    def course(self) -> list[Point]:
        """Total and stage after each change of the last months."""
        events = self.record.events
        first = events[0].occurred_at if events else self.now
        since = max(first, self.now - PLOTTED)
        return list(course(self.record, since=since, until=self.now)) if events else []


@dataclass(frozen=True, slots=True)
class Revisited:
    """A move as it was decided, beside what the log as known now says of the same instant."""

    move: Transition
    total: Decimal
    stage: str

    @property
    def differs(self) -> bool:
        """Whether what came in since would have given another total or stage."""
        return abs(self.total - self.move.total) >= Decimal("0.005") or (
            self.stage != self.move.to_stage and self.move.by_id is None
        )


def _filled(told: Mapping[str, Iterable[str]]) -> list[tuple[str, list[str]]]:
    said = ((key, list(sentences)) for key, sentences in told.items())
    return [(key, sentences) for key, sentences in said if sentences]


def reckoned(lead: Lead, agreement: Agreement, *, now: datetime) -> Reckoned:
    """The lead as its log says it is."""
    (log,) = logs_of(agreement, [lead.pk])
    return Reckoned(agreement, log, now)


def revisited(lead: Lead, log: Log, *, most: int = 30) -> Iterator[Revisited]:
    """The last moves of a lead, newest first: decided then, and as known now.

    Each is looked at under the agreement that decided it.
    """
    moves = Transition.objects.filter(lead=lead).select_related("agreement", "by")
    records: dict[int, Record] = {}
    for move in moves.order_by("-number")[:most]:
        if move.agreement_id not in records:
            records[move.agreement_id] = record_of(agreement_of(move.agreement), log)
        record = records[move.agreement_id]
        stage = standing_at(record, as_of=move.at).stage
        yield Revisited(move, record.levels(move.at).total, stage)
